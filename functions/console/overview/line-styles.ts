/** What each measure's line looks like, in the chart and in its legend: dashes and points differ, so no line is told by its colour alone. */
import type { Measure } from './counted.ts'

export interface LineStyle {
  /** Lengths of strokes and gaps, in pixels. */
  readonly dash: readonly number[]
  readonly point: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'cross' | 'star'
}

export const lineStyles: Readonly<Record<Measure, LineStyle>> = {
  given: { dash: [], point: 'circle' },
  refused: { dash: [7, 4], point: 'rect' },
  withdrawn: { dash: [2, 3], point: 'triangle' },
  expired: { dash: [10, 3, 2, 3], point: 'rectRot' },
  ignored: { dash: [4, 3, 1, 3], point: 'cross' },
  shown: { dash: [14, 4], point: 'star' },
}
