/**
 * Decides what retention destroys of one subject, and why. This module reads everything on which that depends, and changes nothing: a run decides
 * twice, once for the plan of its page and once more right before it destroys (`apply-retention.ts`).
 */
import type { DisposalKind } from '../../consent/disposals.ts'
import { heldYears } from '../../consent/holds.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { askedErasuresOf } from '../erasure/asked-erasures.ts'
import { erasureKey, isErasure } from '../erasure/erasure-entry.ts'
import { type ErasureRequest, openRequest, requestKey } from '../erasure/waiting-erasures.ts'
import type { Turn } from '../holds/hold-turns.ts'
import { holdsOn, standingHolds } from '../holds/standing-holds.ts'
import type { RetentionJob } from '../ledger.ts'
import { hasMandateFrom } from '../mandates/mandate-entries.ts'
import type { Item, Key } from '../store.ts'
import { rowsUnder } from '../vault/rows-under.ts'
import type { HoldsKey, SubjectKeys } from '../vault/subject-keys.ts'
import { holdsKeyIn, unreadableYearsIn, yearOfRow } from '../vault/vault-rows.ts'
import { eventsByYear } from './events-by-year.ts'
import { earliestLapse, isYearOver, type Lapses, lapsesOf } from './lapse.ts'
import type { YearOfEvents } from './lapse-ends.ts'
import type { RetentionCounts } from './retention-counts.ts'
import { ownerOf, type RetentionScope, type RetentionScopes } from './retention-scopes.ts'

export interface RetentionRun {
  readonly retentionJob: RetentionJob
  readonly scopes: RetentionScopes
  readonly done: RetentionCounts
}

/** A subject and its rows in the vault. */
export interface RetainedSubject {
  readonly scope: RetentionScope
  readonly sub: string
  /** Partition key of its rows. */
  readonly pk: string
  readonly rows: readonly Item[]
  /** The keys that these rows have. */
  readonly keys: SubjectKeys
}

export type RetentionDecision = { readonly subject: RetainedSubject } & (
  | { readonly does: 'finish' }
  | { readonly does: 'carry-out'; readonly request: ErasureRequest }
  | {
      readonly does: 'lapse'
      readonly lapsed: Lapses
      /** No year is left, so the subject goes. */
      readonly isLast: boolean
      /** A hold keeps some of what has lapsed. */
      readonly isHeld: boolean
      /** The turns of the subject that were read, after which the run takes its own. */
      readonly turns: readonly Turn[]
    }
)

/** Returns `undefined` when nothing goes. Counts the subject when a hold keeps it, or when a row on which the decision depends cannot be read. */
export async function decideRetention(
  run: RetentionRun,
  { pk }: Pick<Key, 'pk'>,
): Promise<RetentionDecision | undefined> {
  const { retentionJob, scopes, done } = run
  const rows = await rowsUnder(retentionJob.vault, pk)
  if (rows.every(({ sk }) => sk !== 'subject')) return undefined
  const owner = await ownerOf(scopes, rows)
  if (owner === undefined) {
    done.unreadable++
    return undefined
  }
  const { scope, keys } = owner
  const { sub } = keys
  const subject = { scope, sub, pk, rows, keys }
  const [entry] = await retentionJob.entries.get([erasureKey(scope.controller, sub)])
  if (entry !== undefined) {
    if (isErasure(scope, entry)) return { does: 'finish', subject }
    // It may be planted, or of a later release that erases a part only.
    done.unreadable++
    return undefined
  }
  try {
    if (scope.requested.has(sub)) return await decideRequest(run, subject)
    // The request is evidence of what there was to erase, so nothing goes before its answer.
    if (scope.asking.has(sub)) return undefined
    if (!mayLapse(keys, scope.snapshot, scope.now)) return undefined
    const years = await eventsByYear(retentionJob.entries, keys)
    return years && (await decideLapse(run, subject, years))
  } catch (error) {
    // A hold, a turn or a request that cannot be read: nothing of this subject is destroyed, and the others are not kept waiting.
    if (!(error instanceof LedgerError && error.code === 'keys-unreadable')) throw error
    done.unreadable++
    return undefined
  }
}

/** Decided without reading an event, so that the events of most subjects are read only when a key may be destroyed. */
function mayLapse({ years }: SubjectKeys, snapshot: ControllerSnapshot, now: string): boolean {
  return [...years].some(([year, { context }]) => {
    const first = earliestLapse(year, snapshot)
    return isYearOver(year, now) && (context !== undefined || (first !== undefined && first < now))
  })
}

/** What has lapsed and no hold keeps. */
async function decideLapse(
  { retentionJob, done }: RetentionRun,
  subject: RetainedSubject,
  years: readonly YearOfEvents[],
): Promise<RetentionDecision | undefined> {
  const { scope, rows } = subject
  const wanted = lapsesOf(years, scope.snapshot, scope.now)
  if (isNothing(wanted, years, rows)) return undefined
  const [{ turns, holds }, [request], asked] = await Promise.all([
    standingHolds(retentionJob, scope, holdsKeyOf(subject), scope.now),
    retentionJob.entries.get([requestKey(scope.controller, subject.sub)]),
    askedErasuresOf(retentionJob.entries, scope, subject.sub),
  ])
  // A request of the last minute, which the scope does not have yet: the next run carries it out, and may need all of the subject.
  if (request !== undefined || asked.at(-1)?.state === 'open') return undefined
  const uncertain = unreadableYearsIn(rows, subject.keys)
  const held = heldYears(holds, [...years, ...uncertain], scope.now)
  const heldUncertain = uncertain.filter(({ year }) => held.has(year))
  const all = [...years, ...heldUncertain]
  const lapsed = held.size === 0 ? wanted : lapsesOf(all, scope.snapshot, scope.now, held)
  const isHeld = heldUncertain.length > 0 || years.some(({ year }) => held.has(year) && wanted.context.has(year))
  if (isHeld) done.held++
  if (isNothing(lapsed, all, rows)) return undefined
  const isLast = all.every(({ year }) => lapsed.proof.has(year))
  if (isLast && (await hasMandateFrom(retentionJob.entries, subject.keys, scope.now))) return undefined
  return { does: 'lapse', subject, lapsed, isLast, isHeld, turns }
}

/** An erasure that was requested while a hold stood. Nothing else of the subject is destroyed before. */
async function decideRequest(
  { retentionJob, done }: RetentionRun,
  subject: RetainedSubject,
): Promise<RetentionDecision | undefined> {
  const { scope, sub, rows } = subject
  const [item] = await retentionJob.entries.get([requestKey(scope.controller, sub)])
  if (item === undefined) return undefined
  const request = openRequest(scope, item)
  const { against } = await holdsOn(retentionJob, scope, holdsKeyOf(subject), rows, scope.now)
  if (against.length === 0) return { does: 'carry-out', subject, request }
  done.held++
  return undefined
}

/** The rows of a manifest for a decision. */
export function disposalsOf(decision: RetentionDecision): DisposalKind[] {
  if (decision.does === 'finish') return [{ keys: 'subject', rule: 'erasure-unfinished' }]
  if (decision.does === 'carry-out') return [{ keys: 'subject', rule: 'erasure-requested' }]
  const { subject, lapsed, isLast } = decision
  const years = subject.rows.flatMap((row): DisposalKind[] => {
    const keys = lapsedIn(row, lapsed)
    const year = yearOfRow(row)
    const rule = keys && lapsed.rules[keys].get(year)
    return keys === undefined || rule === undefined ? [] : [{ keys, year, ...rule }]
  })
  return isLast ? [...years, { keys: 'subject', rule: 'nothing-left' }] : years
}

/** Whether all that has lapsed is gone already. */
function isNothing(lapsed: Lapses, years: readonly YearOfEvents[], rows: readonly Item[]): boolean {
  return !years.every(({ year }) => lapsed.proof.has(year)) && rows.every((row) => lapsedIn(row, lapsed) === undefined)
}

/** Which keys of the row have lapsed and are still there. */
export function lapsedIn(row: Item, lapsed: Lapses): 'proof' | 'context' | undefined {
  const year = yearOfRow(row)
  if (lapsed.proof.has(year) && row.values.proof !== undefined) return 'proof'
  return lapsed.context.has(year) && row.values.context !== undefined ? 'context' : undefined
}

/** The row `subject` opened a moment ago, when its owner was found. */
export function holdsKeyOf({ scope, rows }: RetainedSubject): HoldsKey {
  const row = rows.find(({ sk }) => sk === 'subject')
  const key = row && holdsKeyIn(scope, row)
  if (key === undefined) throw new Error('a subject without its key')
  return key
}
