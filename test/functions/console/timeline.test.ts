/** The picture of a history, as pure functions: nothing is lost, nothing is drawn out of its place or twice. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { versionSpansOf } from '../../../functions/console/question/version-spans.ts'
import {
  extentOf,
  type Lane,
  lanesOf,
  type Mark,
  marksByTopic,
  spansOf,
} from '../../../functions/console/timeline/lanes.ts'
import { nearestIn, neighbour } from '../../../functions/console/timeline/mark-steps.ts'
import { clustersOf, instantAt, markSize, segmentsOf, xOf } from '../../../functions/console/timeline/pixels.ts'
import { rowsOf, rowsWithin } from '../../../functions/console/timeline/rows.ts'
import { moved, shortestMs, showing, ticksOf, zoomed } from '../../../functions/console/timeline/time-window.ts'
import { anEvent, answer, changeAt, day, history, instants, now, topics } from './histories.ts'

const windows = fc
  .tuple(fc.integer({ min: now - 2000 * day, max: now }), fc.integer({ min: shortestMs, max: 4000 * day }))
  .map(([from, length]) => ({ from, until: from + length }))
const widths = fc.integer({ min: 200, max: 2000 })

describe('lanes', () => {
  it('have every decision once, in its lane, in the order of time, and within the time of the picture', () => {
    fc.assert(
      fc.property(instants, (times) => {
        const events = times.map((at, index) => anEvent(at, index))
        const lanes = lanesOf(topics, { timeline: answer(events), topic: 'purpose/statistics', changes: new Map() })
        const marks = lanes.flatMap((lane) => lane.marks)
        expect(marks.length).toBe(events.reduce((sum, { decisions }) => sum + decisions.length, 0))
        const extent = extentOf(lanes, now)
        for (const { key, marks: own } of lanes) {
          for (const { decision } of own) expect(`purpose/${decision.purposeId}`).toBe(key)
          for (const [index, mark] of own.entries()) {
            expect(mark.at).toBeGreaterThan(extent.from)
            expect(mark.at).toBeLessThan(extent.until)
            expect(mark.at).toBeGreaterThanOrEqual(own[index - 1]?.at ?? mark.at)
          }
        }
        const rows = rowsOf(lanes, answer(events), extent)
        expect(rows.filter(({ kind }) => kind === 'event').length).toBe(events.length)
        expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).toSorted((a, b) => a - b))
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
        expect(rowsWithin(rows, extent)).toEqual(rows)
      }),
    )
  })

  it('show the topic that was asked about first, also when nothing is recorded on it', () => {
    const events = [anEvent(now - day, 0)]
    const lanes = lanesOf(topics, { timeline: answer(events), topic: 'purpose/newsletter', changes: new Map() })
    expect(lanes.map(({ key }) => key)).toEqual(['purpose/newsletter', 'purpose/statistics'])
    expect(lanes.map(({ spans }) => spans !== undefined)).toEqual([true, false])
  })

  it('have the status of another topic once it was asked for, up to the instant of the question', () => {
    const changes = new Map([
      ['purpose/statistics', [changeAt(now - 3 * day, 'Given'), changeAt(now - day, 'Withdrawn')]],
    ])
    const asked = { timeline: answer([anEvent(now - 3 * day, 0)]), topic: 'purpose/newsletter', changes }
    const spans = lanesOf(topics, asked).find(({ key }) => key === 'purpose/statistics')?.spans
    expect(spans?.map(({ from, until }) => [from, until])).toEqual([
      [now - 3 * day, now - day],
      [now - day, now],
    ])
  })

  it('have the versions that were in force: without a retracted one, and with the last of two of one instant', () => {
    const versions = [
      history.version('1', now - 90 * day),
      history.version('2a', now - 30 * day, now - 50 * day),
      history.version('2', now - 30 * day, now - 49 * day),
      history.version('3', now - 10 * day),
    ]
    const topic = history.topic(versions, ['3'])
    const at = new Date(now).toISOString()
    expect(versionSpansOf(topic, at).map(({ version, previous }) => [version.version, previous?.version])).toEqual([
      ['1', undefined],
      ['2', '1'],
    ])
    const early = new Date(now - 60 * day).toISOString()
    expect(versionSpansOf(topic, early).map(({ version }) => version.version)).toEqual(['1'])
  })
})

describe('marks', () => {
  it('are in one cluster each, in order, and clusters do not overlap', () => {
    fc.assert(
      fc.property(instants, windows, widths, (times, window, width) => {
        const marks = marksOf(times)
        const clusters = clustersOf(marks, { window, width })
        expect(clusters.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(marks.length)
        for (const [index, { first, last, x }] of clusters.entries()) {
          const before = clusters[index - 1]
          expect(first).toBe((before?.last ?? -1) + 1)
          expect(last).toBeGreaterThanOrEqual(first)
          expect(x - (before?.x ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(markSize)
          expect(x).toBeCloseTo(xOf({ window, width }, marks[first]?.at ?? 0), 6)
        }
      }),
    )
  })

  it('stay together while one moves in time', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -5, max: 5 }), (times, share) => {
        const marks = marksOf(times)
        const whole = { from: now - 3000 * day, until: now + 3000 * day }
        const window = { from: now - 500 * day, until: now }
        const groups = (at: typeof window) => clustersOf(marks, { window: at, width: 1024 }).map(({ first }) => first)
        expect(groups(moved(window, share / 4, whole))).toEqual(groups(window))
      }),
    )
  })

  it('are all reached by the keyboard, one after another', () => {
    fc.assert(
      fc.property(instants, widths, (times, width) => {
        const lane = { ...emptyLane, marks: marksOf(times) }
        const scale = { window: { from: now - 2000 * day, until: now }, width }
        const reached: number[] = []
        let place = neighbour([lane], scale, { lane: lane.key, index: 0 }, 'first')
        while (place !== undefined && reached.length <= times.length) {
          reached.push(place.index)
          place = neighbour([lane], scale, place, 'after')
        }
        expect(reached).toEqual(clustersOf(lane.marks, scale).map(({ first }) => first))
      }),
    )
  })

  it('are found by the nearest instant', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: now - 2000 * day, max: now }), (times, at) => {
        const marks = marksOf(times)
        const distance = (mark: Mark | undefined) => Math.abs((mark?.at ?? Number.POSITIVE_INFINITY) - at)
        const found = marks[nearestIn(marks, at, 'either')]
        expect(distance(found)).toBe(Math.min(...marks.map(distance)))
      }),
    )
  })
})

describe('statuses', () => {
  it('are all counted, side by side, and inside of the picture, with fewer parts than it has pixels', () => {
    fc.assert(
      fc.property(instants, windows, widths, (times, window, width) => {
        const sorted = [...new Set(times)].sort((a, b) => a - b)
        const spans = spansOf(
          sorted.map((at, index) => changeAt(at, index % 2 === 0 ? 'Given' : 'Withdrawn')),
          now,
        )
        const segments = segmentsOf(spans, { window, width })
        const visible = spans.filter(({ from, until }) => until >= window.from && from <= window.until)
        expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(visible.length)
        expect(segments.length).toBeLessThanOrEqual(width)
        // Two statuses take turns, so whatever stands for more than one is mixed.
        expect(segments.every(({ count, isMixed }) => isMixed === count > 1)).toBe(true)
        for (const [index, { x, width: own }] of segments.entries()) {
          const before = segments[index - 1]
          expect(x).toBeGreaterThanOrEqual(Math.max(0, (before?.x ?? 0) + (before?.width ?? 0) - 1e-6))
          expect(x + own).toBeLessThanOrEqual(width + 1e-6)
        }
      }),
    )
  })
})

describe('the time that is shown', () => {
  const whole = { from: now - 1000 * day, until: now }
  const parts = fc
    .tuple(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.double({ min: 0.05, max: 1, noNaN: true }))
    .map(([start, share]) => {
      const from = whole.from + start * 1000 * day
      return { from, until: Math.min(whole.until, from + share * 1000 * day) }
    })
  const isInside = ({ from, until }: typeof whole) => from >= whole.from - 1 && until <= whole.until + 1 && until > from

  it('stays inside of the whole, whatever one presses, and an instant stays in its place while one zooms', () => {
    fc.assert(
      fc.property(
        parts,
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (window, factor, share) => {
          const around = (window.from + window.until) / 2
          const next = zoomed(window, factor, around, whole)
          expect(isInside(next)).toBe(true)
          expect(isInside(moved(window, share, whole))).toBe(true)
          if (factor < 1) expect((next.from + next.until) / 2).toBeCloseTo(around, -1)
          const shown = showing(window, whole.until - day, whole)
          expect(isInside(shown) && shown.until >= whole.until - day).toBe(true)
        },
      ),
    )
  })

  it('has ticks at round times, in order, no more than there is room for', () => {
    fc.assert(
      fc.property(windows, fc.integer({ min: 2, max: 20 }), (window, most) => {
        const { at, unit } = ticksOf(window, most)
        // Months and years differ in length, and a tick may be at either end.
        expect(at.length).toBeLessThanOrEqual(most * 1.2 + 2)
        for (const [index, tick] of at.entries()) {
          expect(tick).toBeGreaterThan(at[index - 1] ?? Number.NEGATIVE_INFINITY)
          if (unit === 'day' || unit === 'month' || unit === 'year') expect(new Date(tick).getHours()).toBe(0)
        }
      }),
    )
  })

  it('and its pixels are the same both ways', () => {
    fc.assert(
      fc.property(windows, widths, fc.double({ min: 0, max: 1, noNaN: true }), (window, width, share) => {
        const scale = { window, width }
        expect(xOf(scale, instantAt(scale, share * width))).toBeCloseTo(share * width, 3)
      }),
    )
  })
})

const emptyLane: Lane = { key: 'purpose/statistics', topic: history.topic([]), marks: [], versions: [] }

const marksOf = (times: readonly number[]): readonly Mark[] =>
  marksByTopic(times.map((at) => anEvent(at, 0))).get('purpose/statistics') ?? []
