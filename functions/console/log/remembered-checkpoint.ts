/**
 * The newest checkpoint of a log that this browser has seen and verified. With it the page notices on the next visit when the log was
 * rewritten or put back, without anybody else's help. A checkpoint is public and names no person.
 */

import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import type { LogPolicy } from '../../../shared/tlog/tlog-policy.ts'
import type { LogSource } from '../../../shared/verify/log-source.ts'
import { readSignedCheckpoint, type SignedCheckpoint, withoutQuorum } from '../../../shared/verify/signed-checkpoint.ts'
import { browserStorage, storeIn } from '../shell/storage.ts'
import { type ConsistencyCheck, checkConsistency } from './tree-checks.ts'

const keyOf = (origin: string) => `consent-console:checkpoint:${origin}`

export function rememberCheckpoint({ origin, note }: SignedCheckpoint): void {
  storeIn(browserStorage(), keyOf(origin), note)
}

/** `other-keys`: the keys at hand did not sign what is remembered. `put-back`: the log serves a smaller tree than it did. */
export type SinceLastVisit =
  | { readonly state: 'first' }
  | { readonly state: 'other-keys' }
  | { readonly state: 'put-back'; readonly before: SignedCheckpoint }
  | { readonly state: 'checked'; readonly before: SignedCheckpoint; readonly check: ConsistencyCheck }

/** Compares with what is remembered; what passes becomes what is remembered. */
export async function compareWithLastVisit(
  source: Pick<LogSource, 'tile'>,
  policy: LogPolicy,
  newest: SignedCheckpoint,
): Promise<SinceLastVisit> {
  const note = browserStorage().getItem(keyOf(newest.origin))
  const found: SinceLastVisit = note === null ? { state: 'first' } : await compare(note, source, policy, newest)
  if (found.state === 'first' || (found.state === 'checked' && found.check.outcome === 'consistent'))
    rememberCheckpoint(newest)
  return found
}

async function compare(
  note: string,
  source: Pick<LogSource, 'tile'>,
  policy: LogPolicy,
  newest: SignedCheckpoint,
): Promise<SinceLastVisit> {
  const before = await readSignedCheckpoint(note, withoutQuorum(policy), newest.origin).catch((error: unknown) => {
    if (error instanceof TlogError) return undefined
    throw error
  })
  if (before === undefined) return { state: 'other-keys' }
  if (before.size > newest.size) return { state: 'put-back', before }
  return { state: 'checked', before, check: await checkConsistency(source, before, newest) }
}
