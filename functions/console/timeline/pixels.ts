/**
 * What of a lane is drawn at a width: marks that would overlap become one with their number, and spans too thin to be seen become one run.
 * So the picture has at most as many parts as it has pixels, however long a history is. Lengths are CSS pixels.
 */
import type { Span } from '../question/version-spans.ts'
import type { Mark, StatusSpan } from './lanes.ts'
import { type Tone, toneOfVerb } from './tones.ts'

/** Side of a mark, and least distance of two: large enough to be pressed (WCAG 2.2, 2.5.8). */
export const markSize = 24

export interface Scale {
  readonly window: Span
  readonly width: number
}

export function xOf({ window, width }: Scale, at: number): number {
  return ((at - window.from) / (window.until - window.from)) * width
}

export function instantAt({ window, width }: Scale, x: number): number {
  return window.from + (x / width) * (window.until - window.from)
}

/** One or more marks of a lane, by their places in its list. It is drawn at the instant of its first. */
export interface Cluster {
  readonly first: number
  readonly last: number
  readonly x: number
  /** `mixed`: those in it differ. */
  readonly tone: Tone | 'mixed'
}

/**
 * All marks in clusters, oldest first, also those outside of the window: while one pans, the same marks stay together.
 *
 * @param marks oldest first
 */
export function clustersOf(marks: readonly Mark[], scale: Scale): readonly Cluster[] {
  const clusters: { first: number; last: number; x: number; tone: Tone | 'mixed' }[] = []
  for (const [index, mark] of marks.entries()) {
    const x = xOf(scale, mark.at)
    const tone = toneOfVerb(mark.decision.verb)
    const open = clusters.at(-1)
    if (open && x - open.x < markSize) {
      open.last = index
      if (open.tone !== tone) open.tone = 'mixed'
    } else clusters.push({ first: index, last: index, x, tone })
  }
  return clusters
}

/** Shorter statuses than this are not told apart. */
const thinnest = 3

/** A status that is drawn, clipped to the width, or several that are too short to be drawn each. */
export interface Segment {
  readonly x: number
  readonly width: number
  /** The last. */
  readonly span: StatusSpan
  readonly count: number
  /** Whether those in it differ. */
  readonly isMixed: boolean
}

/** @param spans oldest first, each ending where the next begins or before */
export function segmentsOf(spans: readonly StatusSpan[], scale: Scale): readonly Segment[] {
  const segments: { x: number; width: number; span: StatusSpan; count: number; isMixed: boolean }[] = []
  let isInRun = false
  for (const span of spans) {
    const [from, until] = [Math.max(0, xOf(scale, span.from)), Math.min(scale.width, xOf(scale, span.until))]
    if (until < 0 || from > scale.width || until < from) continue
    const isThin = until - from < thinnest
    const open = segments.at(-1)
    if (open && isThin && isInRun) {
      open.width = Math.max(open.width, until - open.x)
      open.isMixed ||= open.span.change.status !== span.change.status
      open.span = span
      open.count += 1
    } else segments.push({ x: from, width: until - from, span, count: 1, isMixed: false })
    isInRun = isThin
  }
  return segments
}
