/**
 * The statistics as they grow from step to step. A day is closed once a step or a batch of a later day is there, in the order of the log
 * alone, so its record never changes and does not depend on when it was counted.
 */
import type { Publications } from '../../consent/recording.ts'
import { type CellKey, type Counts, cellOf, type Measure, measures } from './cells.ts'
import { dayAfter, isOver, type Open, type Step } from './subject-steps.ts'

/** A closed day. */
export interface DayRecord {
  readonly day: string
  readonly cells: readonly (readonly [CellKey, Counts])[]
  /** How many consents to each version of a topic stand at its end. */
  readonly standing: readonly StandingCount[]
  /** Events that could not be opened any more when they were counted: they are in no cell. */
  readonly unopened: number
}

export interface StandingCount {
  readonly purposeId?: string
  readonly policyId?: string
  readonly version: string
  readonly people: number
}

/** All that is kept between two runs. */
export interface RunningState {
  /** Index of the first leaf that is not counted. */
  readonly position: number
  /** The day that is being counted; absent before the first leaf. */
  readonly day?: string
  readonly cells: readonly (readonly [CellKey, Counts])[]
  readonly open: readonly (readonly [Open['kind'], CellKey, readonly (readonly [until: string, people: number])[]])[]
  readonly unopened: number
}

export const emptyState: RunningState = { position: 0, cells: [], open: [], unopened: 0 }

export class RunningCounts {
  readonly #published: Publications
  readonly #cells: Map<CellKey, number[]>
  /** By kind and cell, then by last day. */
  readonly #open = new Map<
    string,
    { readonly kind: Open['kind']; readonly cell: CellKey; readonly people: Map<string, number> }
  >()
  readonly #closed: DayRecord[] = []
  #day: string | undefined
  #unopened: number

  constructor(published: Publications, { day, cells, open, unopened }: RunningState) {
    this.#published = published
    this.#day = day
    this.#unopened = unopened
    this.#cells = new Map(cells.map(([key, counts]) => [key, [...counts]]))
    for (const [kind, cell, people] of open) this.#open.set(kind + cell, { kind, cell, people: new Map(people) })
  }

  /** Days before a batch of this day are complete. The log's clock may have been set back: a day never reopens. */
  reach(day: string): void {
    this.#day ??= day
    while (this.#day < day) this.#close(this.#day)
  }

  apply({ day, counted, closed, opened }: Step): void {
    this.reach(day)
    for (const { cell, measure } of counted) this.#count(cell, measure, 1)
    for (const open of closed) this.#move(open, -1)
    for (const open of opened) this.#move(open, 1)
  }

  countUnopened(day: string): void {
    this.reach(day)
    this.#unopened++
  }

  /** The days closed since the last call. */
  takeClosed(): DayRecord[] {
    return this.#closed.splice(0)
  }

  state(position: number): RunningState {
    const open = [...this.#open.values()].map(
      ({ kind, cell, people }) => [kind, cell, [...people].sort(([a], [b]) => (a < b ? -1 : 1))] as const,
    )
    return {
      position,
      ...(this.#day !== undefined && { day: this.#day }),
      cells: inOrder(this.#cells),
      open: open.sort((a, b) => (a[0] + a[1] < b[0] + b[1] ? -1 : 1)),
      unopened: this.#unopened,
    }
  }

  #count(cell: CellKey, measure: Measure, people: number): void {
    const counts = this.#cells.get(cell) ?? measures.map(() => 0)
    const at = measures.indexOf(measure)
    counts[at] = (counts[at] ?? 0) + people
    this.#cells.set(cell, counts)
  }

  /** Never below none: a consent that a version ended may be taken back after that version was followed by another. */
  #move({ kind, cell, until }: Open, by: 1 | -1): void {
    const found = this.#open.get(kind + cell) ?? { kind, cell, people: new Map<string, number>() }
    const people = (found.people.get(until) ?? 0) + by
    if (people > 0) found.people.set(until, people)
    else found.people.delete(until)
    if (found.people.size > 0) this.#open.set(kind + cell, found)
    else this.#open.delete(kind + cell)
  }

  #close(day: string): void {
    for (const [key, { kind, cell, people }] of this.#open) {
      for (const [until, count] of people) {
        if (!isOver(this.#published, { kind, cell, until }, day)) continue
        people.delete(until)
        this.#count(cell, kind === 'standing' ? 'expired' : 'ignored', count)
      }
      if (people.size === 0) this.#open.delete(key)
    }
    this.#closed.push({ day, cells: inOrder(this.#cells), standing: this.#standing(), unopened: this.#unopened })
    this.#cells.clear()
    this.#unopened = 0
    this.#day = dayAfter(day)
  }

  #standing(): StandingCount[] {
    const sums = new Map<string, number>()
    for (const { kind, cell, people } of this.#open.values()) {
      const { purposeId, policyId, version } = cellOf(cell)
      if (kind !== 'standing' || version === undefined) continue
      const key = JSON.stringify({ ...(purposeId === undefined ? { policyId } : { purposeId }), version })
      sums.set(key, (sums.get(key) ?? 0) + [...people.values()].reduce((sum, each) => sum + each, 0))
    }
    return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, people]) => ({ ...JSON.parse(key), people }))
  }
}

function inOrder(cells: ReadonlyMap<CellKey, Counts>): (readonly [CellKey, Counts])[] {
  return [...cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, counts]) => [key, [...counts]])
}
