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
  cross: 'M18 2v8M14 6h8',
  star: 'M18 2v8M14 6h8M15.2 3.2l5.6 5.6M15.2 8.8l5.6-5.6',
}

export interface LineSampleProps {
  readonly measure: Measure
  readonly sample: Ref<SVGSVGElement>
}

export function LineSample({ measure, sample }: LineSampleProps) {
  const { dash, point } = lineStyles[measure]
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
      <path d={pointPaths[point]} stroke="currentcolor" fill="currentcolor" />
    </svg>
  )
}
