/**
 * Finds the controller that a row of the vault belongs to, for retention, which reads all rows. A row names its controller, so its cost does
 * not depend on how many controllers there are: a controller is read when a row of it is met. Rows from before 30 November 2026 name none, and
 * are tried with the keys of every controller.
 */
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { claimedControllers } from '../controllers/provider-claims.ts'
import { subjectsWaitingForAnswer } from '../erasure/asked-erasures.ts'
import { requestedSubjects } from '../erasure/waiting-erasures.ts'
import { type RetentionJob, timestamp } from '../ledger.ts'
import type { Item } from '../store.ts'
import { type SubjectKeys, type VaultScope, vaultScope } from '../vault/subject-keys.ts'
import { claimedController, subjectKeysInRows } from '../vault/vault-rows.ts'
import { closeInterrupted } from './disposition-entries.ts'
import { retentionTime } from './retention-clock.ts'

/** A controller with what decides when its keys lapse. */
export interface RetentionScope extends VaultScope {
  readonly snapshot: ControllerSnapshot
  /** RFC 3339: the time by which its keys lapse, see `retention-clock.ts`. */
  readonly now: string
  /** Pseudonyms of subjects whose erasure was requested while a hold stood. */
  readonly requested: ReadonlySet<string>
  /** Pseudonyms of subjects who asked to be erased and have no answer. */
  readonly asking: ReadonlySet<string>
}

/** The controllers of a run, read when a row of theirs is met, and again after a minute. */
export interface RetentionScopes {
  /** `undefined` when there is no such controller. */
  named(controller: string): Promise<RetentionScope | undefined>
  /** All of them, for rows that name none. */
  all(): Promise<readonly RetentionScope[]>
}

/** How long a controller that was read is used. A version published meanwhile, perhaps with a longer term, counts only after that. */
const scopeAgeMs = 60_000
/** More controllers than a page of the vault has rows. */
const scopesKept = 4096
/** Controllers read at once. */
export const scopesAtOnce = 32

interface Aged<T> {
  readonly readAtMs: number
  readonly value: Promise<T>
}

/** Makes about six calls a minute for each controller that is asked for. */
export function retentionScopes({ entries, controllers, log, clock, random }: RetentionJob): RetentionScopes {
  const kept = new Map<string, Aged<RetentionScope | undefined>>()
  let everyone: Aged<readonly RetentionScope[]> | undefined

  /** A controller whose record or secrets cannot be read is none: its rows are left alone, and those of others are not kept waiting. */
  async function read(controller: string): Promise<RetentionScope | undefined> {
    const snapshot = await controllers.recent(controller).catch((error: unknown) => {
      if (error instanceof LedgerError) throw error
      return undefined
    })
    if (snapshot === undefined) return undefined
    const [now, requested, asking] = await Promise.all([
      retentionTime(log, controller, clock()),
      requestedSubjects(entries, controller),
      subjectsWaitingForAnswer(entries, controller),
    ])
    const scope = { ...vaultScope(snapshot), snapshot, now, requested, asking }
    await closeInterrupted({ entries, random }, scope, timestamp(clock))
    return scope
  }

  async function readAll(): Promise<readonly RetentionScope[]> {
    const scopes: RetentionScope[] = []
    for (const part of partsOf(await claimedControllers(entries), scopesAtOnce))
      scopes.push(...(await Promise.all(part.map(read))).filter((scope) => scope !== undefined))
    return scopes
  }

  return {
    named(controller) {
      const nowMs = clock()
      const known = kept.get(controller)
      if (known && nowMs - known.readAtMs < scopeAgeMs) return known.value
      const value = read(controller)
      // A failure is not kept. The first in the map is the oldest.
      value.catch(() => kept.delete(controller))
      kept.delete(controller)
      kept.set(controller, { readAtMs: nowMs, value })
      const [oldest] = kept.keys()
      if (kept.size > scopesKept && oldest !== undefined) kept.delete(oldest)
      return value
    },
    all() {
      const nowMs = clock()
      if (everyone && nowMs - everyone.readAtMs < scopeAgeMs) return everyone.value
      const value = readAll()
      value.catch(() => {
        everyone = undefined
      })
      everyone = { readAtMs: nowMs, value }
      return value
    },
  }
}

/** The controller whose rows these are. Authenticated encryption opens under that controller’s key only. */
export async function ownerOf(
  scopes: RetentionScopes,
  rows: readonly Item[],
): Promise<{ readonly scope: RetentionScope; readonly keys: SubjectKeys } | undefined> {
  const subject = rows.find(({ sk }) => sk === 'subject')
  const claimed = subject && claimedController(subject)
  for (const scope of claimed === undefined ? await scopes.all() : [await scopes.named(claimed)]) {
    if (scope === undefined) continue
    const keys = subjectKeysInRows(scope, rows)
    if (keys !== undefined) return { scope, keys }
  }
  return undefined
}

export function* partsOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size)
}
