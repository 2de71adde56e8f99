/**
 * Announces consents that end by themselves, for a controller with an endpoint that wants to hear of it. A run
 *
 *   1. looks at the hours of ends that have come, or come within the days that were asked for, and folds each subject's events;
 *   2. walks what is new in the log, and stores a due row for each instant at which a consent may end (`expiry-items.ts`);
 *   3. puts the ends into a notice: an entry with a leaf, of which messages are made as of any other leaf.
 *
 * A notice also states how far the run has come. Its number can be inserted once, so one of two concurrent runs stops, and a run that is cut off
 * anywhere is repeated from the last notice. An end whose mark is there is in a notice already. There is a notice for each hour, with ends
 * or without.
 */
import type { AnnouncedEnd, ExpiryNotice, Lead } from '../../consent/expiry.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { endpointIds } from '../fan-out/endpoint-entries.ts'
import { timestamp } from '../ledger.ts'
import { lastBatch } from '../log/batches.ts'
import { batchEnd } from '../log/log-items.ts'
import { walkLog } from '../log-events/walk-log.ts'
import type { WalkedLeaf } from '../log-events/walked-leaf.ts'
import { type Item, insertOne } from '../store.ts'
import { type VaultScope, vaultScope } from '../vault/subject-keys.ts'
import { type AskedLead, askedLeads } from './asked-leads.ts'
import { duesOf, type NamedInstant } from './dues-of-leaf.ts'
import { type Due, type DueRow, dueInHour, dueItem, hourOf, markKey, newestNotice, noticeItem } from './expiry-items.ts'
import { daysAfter, type EndsReader, type SubjectEnds, subjectEnds } from './subject-ends.ts'

/** Reads everything that an answer about a subject reads. It inserts into its own partitions of `entries` only. */
export type ExpiryJob = Pick<EndsReader, 'ledger' | 'finder'>

export interface AnnouncedExpiry {
  readonly leaves: number
  readonly ends: number
  readonly notices: number
  /** Whether ends or leaves are left for the next run. */
  readonly hasMore: boolean
}

/** What was recorded before an end can be read so long after it, and the vault's index has every row. */
const settledMs = 60_000
const hourMs = 3_600_000
/** Hours that are tried at once by a run that was late. */
const hoursAtOnce = 24
/** Due rows that are looked at together. */
const rowsAtOnce = 25
/** A notice is made when it has so many ends: with those of one more step an answer with their messages stays small. */
const endsOfNotice = 25
/** Leaves after which a notice is made: what a crash may cost. */
const leavesOfNotice = 20_000
/** Without ends a notice of the same hour waits until the run has walked so many leaves. */
const leavesWorthNotice = 1_000
/** Due rows that are inserted together. */
const insertsAtOnce = 100

const nothing: AnnouncedExpiry = { leaves: 0, ends: 0, notices: 0, hasMore: false }

/** @param goesOn is asked before each step */
export async function announceExpiry(
  job: ExpiryJob,
  snapshot: ControllerSnapshot,
  goesOn: () => boolean = () => true,
): Promise<AnnouncedExpiry> {
  const leads = await askedLeads(job.ledger.entries, vaultScope(snapshot))
  return leads.length === 0 ? nothing : new ExpiryRun(job, snapshot, leads, goesOn).run()
}

/** Whether a controller has endpoints at all: one query, for the many that have none. */
export async function hasEndpoints({ ledger }: ExpiryJob, controller: string): Promise<boolean> {
  return (await endpointIds(ledger.entries, controller)).length > 0
}

class ExpiryRun {
  /** When the run began. */
  readonly #now: string
  readonly #reader: EndsReader
  readonly #scope: VaultScope
  readonly #asked: readonly AskedLead[]
  readonly #goesOn: () => boolean
  #last: ExpiryNotice | undefined
  #leads = new Map<number, Lead>()
  #next = 0
  #found: AnnouncedEnd[] = []
  #due: Item[] = []
  #walkedSince = 0
  #done = { ...nothing }
  #isOvertaken = false

  constructor(job: ExpiryJob, snapshot: ControllerSnapshot, asked: readonly AskedLead[], goesOn: () => boolean) {
    this.#now = timestamp(job.ledger.clock)
    this.#scope = vaultScope(snapshot)
    this.#reader = { ...job, snapshot, settledAt: new Date(Date.parse(this.#now) - settledMs).toISOString() }
    this.#asked = asked
    this.#goesOn = goesOn
  }

  async run(): Promise<AnnouncedExpiry> {
    const { ledger } = this.#reader
    this.#last = await newestNotice(ledger.entries, this.#scope)
    this.#next = this.#last?.next ?? 0
    const known = new Map(this.#last?.leads.map((lead) => [lead.days, lead]))
    for (const { days, since } of this.#asked)
      this.#leads.set(days, known.get(days) ?? { days, since, hour: hourOf(since) })
    await this.#mark(this.#last?.ends ?? [])
    for (const { days } of this.#asked) await this.#lookAtHours(days)
    await this.#walk()
    await this.#storeDue()
    if (this.#isWorthNotice()) await this.#notify()
    return { ...this.#done, hasMore: this.#done.hasMore || this.#isOvertaken }
  }

  /** False when the time is up or another run went on. */
  #mayGoOn(): boolean {
    if (this.#isOvertaken) return false
    if (this.#goesOn()) return true
    this.#done = { ...this.#done, hasMore: true }
    return false
  }

  /** Goes through the hours of ends up to the one that lies so many days ahead, which is looked at again until it is over. */
  async #lookAtHours(days: number): Promise<void> {
    const until = daysAfter(this.#reader.settledAt, days)
    for (;;) {
      const lead = this.#leads.get(days)
      if (lead === undefined || lead.hour > hourOf(until) || !this.#mayGoOn()) return
      const { after, upTo = until } = lead
      const hour = after === undefined ? await this.#firstWithRows(lead.hour, hourOf(until)) : lead.hour
      const { entries } = this.#reader.ledger
      const { rows, next } = await dueInHour(entries, this.#scope, hour, after, rowsAtOnce)
      const due = rows.filter(({ at }) => at <= upTo)
      await this.#lookAt(await this.#unmarked(due, days), days)
      const { after: _, upTo: __, ...others } = lead
      const rest = { ...others, hour }
      const isOver = hourOf(upTo) > hour
      if (next !== undefined) this.#leads.set(days, { ...rest, after: next, upTo })
      else this.#leads.set(days, isOver ? { ...rest, hour: hourAfter(hour) } : rest)
      if (this.#found.length >= endsOfNotice) await this.#notify()
      if (next === undefined && !isOver && upTo === until) return
    }
  }

  /** The first hour that has rows, of those before the last one that is looked at; of as many as are read at once. */
  async #firstWithRows(from: string, last: string): Promise<string> {
    const hours: string[] = []
    for (let hour = from; hour < last && hours.length < hoursAtOnce; hour = hourAfter(hour)) hours.push(hour)
    const { entries } = this.#reader.ledger
    const pages = await Promise.all(hours.map((hour) => dueInHour(entries, this.#scope, hour, undefined, 1)))
    const lastTried = hours.at(-1)
    return hours[pages.findIndex(({ isEmpty }) => !isEmpty)] ?? (lastTried === undefined ? from : hourAfter(lastTried))
  }

  async #unmarked(rows: readonly DueRow[], days: number): Promise<readonly DueRow[]> {
    if (rows.length === 0) return []
    const keys = rows.map(({ name, at }) => markKey(this.#scope, { days, name, expiresAt: at }))
    const marks = await this.#reader.ledger.entries.get(keys)
    return rows.filter((_, i) => marks[i] === undefined)
  }

  async #lookAt(rows: readonly DueRow[], days: number): Promise<void> {
    const subjects = new Map<string, Promise<SubjectEnds | undefined>>()
    const endsOf = (sub: string) => {
      const reading = subjects.get(sub) ?? subjectEnds(this.#reader, sub, undefined)
      subjects.set(sub, reading)
      return reading
    }
    const found = await Promise.all(
      rows.map(async ({ sub, sk, part }) => {
        const ends = await endsOf(sub)
        const purposeId = ends?.purposeOf(sk, part)
        if (ends === undefined || purposeId === undefined) return undefined
        const end = await ends.announced(purposeId, days)
        // What was learnt since the row was stored may have moved the end.
        if (end === undefined && days === 0) {
          const named = ends.possible(purposeId).map((at) => ({ at, name: ends.nameOf(purposeId, at) }))
          this.#remember(named, { sub, sk, part })
        }
        return end
      }),
    )
    for (const end of found) await this.#add(end)
  }

  async #add(end: AnnouncedEnd | undefined): Promise<void> {
    if (end === undefined || this.#found.some(({ name, days }) => name === end.name && days === end.days)) return
    if (end.days === 0 && end.expiresAt < (this.#leads.get(0)?.since ?? '')) return
    const [mark] = await this.#reader.ledger.entries.get([markKey(this.#scope, end)])
    if (mark === undefined) this.#found.push(end)
  }

  #remember(ends: readonly NamedInstant[], of: Omit<Due, 'at'>): void {
    const { ledger, settledAt } = this.#reader
    for (const { at, name } of ends)
      if (at > settledAt) this.#due.push(dueItem(this.#scope, name, { ...of, at }, ledger.random))
  }

  async #walk(): Promise<void> {
    const { ledger, finder, snapshot, settledAt } = this.#reader
    const newest = await lastBatch(ledger.log, snapshot.controller.controller)
    const to = newest ? batchEnd(newest) : 0
    if (this.#next >= to || !this.#mayGoOn()) return
    for await (const leaf of walkLog({ ...ledger, finder }, this.#scope, { from: this.#next, to })) {
      // Its keys may be found in a moment.
      if (leaf.event?.state === 'unreachable' && leaf.loggedAt > settledAt) return
      await this.#lookAtLeaf(leaf)
      this.#next = leaf.index + 1
      this.#walkedSince++
      this.#done = { ...this.#done, leaves: this.#done.leaves + 1 }
      if (this.#due.length >= insertsAtOnce) await this.#storeDue()
      if (this.#found.length >= endsOfNotice || this.#walkedSince >= leavesOfNotice) await this.#notify()
      if (!this.#mayGoOn()) return
    }
  }

  /** An end that was already due when its yes is met is announced now; a later one gets a row. */
  async #lookAtLeaf(leaf: WalkedLeaf): Promise<void> {
    const { settledAt } = this.#reader
    for (const { due, purposeId, ends, subject } of await duesOf(this.#reader, leaf)) {
      this.#remember(ends, due)
      for (const { days } of this.#asked)
        if (ends.some(({ at }) => at <= daysAfter(settledAt, days) && (days === 0 || at > settledAt)))
          await this.#add(await (await subject())?.announced(purposeId, days))
    }
  }

  async #storeDue(): Promise<void> {
    const items = [...new Map(this.#due.map((item) => [`${item.pk} ${item.sk}`, item])).values()]
    this.#due = []
    for (let at = 0; at < items.length; at += insertsAtOnce)
      for (const result of await this.#reader.ledger.entries.insert(items.slice(at, at + insertsAtOnce)))
        if (result.outcome === 'error') throw result.error
  }

  #isWorthNotice(): boolean {
    if (this.#isOvertaken) return false
    const isOfThisHour = this.#last !== undefined && hourOf(this.#last.at) === hourOf(this.#now)
    return this.#found.length > 0 || this.#walkedSince >= leavesWorthNotice || !isOfThisHour
  }

  /** Stores the due rows first, because the notice states that their leaves were walked. */
  async #notify(): Promise<void> {
    await this.#storeDue()
    const { ledger } = this.#reader
    const ends = this.#found
    const leads = [...this.#leads.values()]
    const notice = { notice: (this.#last?.notice ?? 0) + 1, at: this.#now, next: this.#next, leads, ends }
    if (!(await insertOne(ledger.entries, noticeItem(this.#scope, notice, ledger.random)))) {
      this.#isOvertaken = true
      return
    }
    this.#last = notice
    this.#found = []
    this.#walkedSince = 0
    this.#done = { ...this.#done, ends: this.#done.ends + ends.length, notices: this.#done.notices + 1 }
    await this.#mark(ends)
  }

  async #mark(ends: readonly AnnouncedEnd[]): Promise<void> {
    if (ends.length === 0) return
    const marks = ends.map((end) => ({ ...markKey(this.#scope, end), values: {} }))
    for (const result of await this.#reader.ledger.entries.insert(marks))
      if (result.outcome === 'error') throw result.error
  }
}

const hourAfter = (hour: string): string => hourOf(new Date(Date.parse(`${hour}:00:00.000Z`) + hourMs).toISOString())
