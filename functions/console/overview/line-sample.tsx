/** A piece of a measure's line, for the legend. The chart takes the line's colour from here, with theme and forced colours applied. */
import type { Ref } from 'preact'
import type { Measure } from './counted.ts'
import { lineStyles } from './line-styles.ts'

/** Points around (18, 6), as Chart.js draws them. */
const pointPaths: Readonly<Record<(typeof lineStyles)[Measure]['point'], string>> = {
  circle: 'M14.5 6a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0',
  rect: 'M14.8 2.8h6.4v6.4h-6.4z',
  triangle: 'M18 2l4 7h-8z',
  rectRot: 'M18 1.8l4.2 4.2-4.2 4.2-4.2-4.2z',
  rectRounded:
    'M16.6 2.8h2.8a1.8 1.8 0 0 1 1.8 1.8v2.8a1.8 1.8 0 0 1-1.8 1.8h-2.8a1.8 1.8 0 0 1-1.8-1.8v-2.8a1.8 1.8 0 0 1 1.8-1.8z',
}

export interface LineSampleProps {
  readonly measure: Measure
  readonly sample: Ref<SVGSVGElement>
}

export function LineSample({ measure, sample }: LineSampleProps) {
  const { dash, point, turn } = lineStyles[measure]
  return (
    <svg
      ref={sample}
      class={`line-sample line-${measure}`}
      width={36}
      height={12}
      viewBox="0 0 36 12"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M0 6H36" stroke="currentcolor" stroke-width={2} stroke-dasharray={dash.join(' ')} />
      <path d={pointPaths[point]} transform={`rotate(${turn} 18 6)`} stroke="currentcolor" fill="currentcolor" />
    </svg>
  )
}
