/** What each measure's line looks like, in the chart and in its legend: dashes and points differ, so no line is told by its colour alone. */
import type { Measure } from './counted.ts'

export interface LineStyle {
  /** Lengths of strokes and gaps, in pixels. */
  readonly dash: readonly number[]
  /** A shape with an inside, which is empty on a day of which some people are hidden. */
  readonly point: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'rectRounded'
  /** Degrees by which the point is turned. */
  readonly turn: number
}

export const lineStyles: Readonly<Record<Measure, LineStyle>> = {
  given: { dash: [], point: 'circle', turn: 0 },
  refused: { dash: [7, 4], point: 'rect', turn: 0 },
  withdrawn: { dash: [2, 3], point: 'triangle', turn: 0 },
  expired: { dash: [10, 3, 2, 3], point: 'rectRot', turn: 0 },
  ignored: { dash: [4, 3, 1, 3], point: 'rectRounded', turn: 0 },
  shown: { dash: [14, 4], point: 'triangle', turn: 180 },
}
