/** A person's own requests to be erased, as that person is shown them: with the holds that stand in the way. */
import type { Identity } from '../../consent/event.ts'
import type { HoldGround } from '../../consent/holds.ts'
import { LedgerError } from '../../errors.ts'
import { holdsOn } from '../holds/standing-holds.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { rowsUnder } from '../vault/rows-under.ts'
import type { HoldsKey, VaultScope } from '../vault/subject-keys.ts'
import { storedSubject } from '../vault/vault.ts'
import { holdsKeyIn } from '../vault/vault-rows.ts'
import { type AskedErasure, askedErasuresOf } from './asked-erasures.ts'

/** A hold, as far as the person may know of it. */
export interface HoldInTheWay {
  /** Absent for an `order` of a court or an authority, whose existence may be secret. */
  readonly ground?: HoldGround
  readonly until?: string
}

export interface OwnErasureRequest extends Omit<AskedErasure, 'state'> {
  readonly state: 'open' | 'held' | 'granted' | 'refused'
  readonly held?: readonly HoldInTheWay[]
}

/** The subject of this identifier: its pseudonym, its key for holds, and where its rows are. `undefined` when the ledger knows none. */
export async function askingSubject(
  ledger: Pick<Ledger, 'vault' | 'clock'>,
  scope: VaultScope,
  identity: Identity,
): Promise<(HoldsKey & { readonly pk: string }) | undefined> {
  const stored = await storedSubject(ledger, scope, identity)
  const row = stored?.rows.find(({ sk }) => sk === 'subject')
  const key = row && holdsKeyIn(scope, row)
  return key && row && { ...key, pk: row.pk }
}

/** Oldest first; none for a person whom the ledger does not know (any more). */
export async function ownErasureRequests(
  ledger: Pick<Ledger, 'entries' | 'vault' | 'clock'>,
  scope: VaultScope,
  identity: Identity,
): Promise<OwnErasureRequest[]> {
  const subject = await askingSubject(ledger, scope, identity)
  if (subject === undefined) return []
  const asked = await askedErasuresOf(ledger.entries, scope, subject.sub)
  const waiting = asked.some(({ state }) => state === 'open' || state === 'granted')
  const held = waiting ? await holdsInTheWay(ledger, scope, subject) : undefined
  // A request that is done has its subject's rows deleted in a moment; until then it is still granted.
  return asked.map((each) => {
    const state = each.state === 'done' ? 'granted' : each.state
    return held && state !== 'refused' ? { ...each, state: 'held', held } : { ...each, state }
  })
}

/** `undefined` when nothing stands in the way. A hold that cannot be read stands. */
async function holdsInTheWay(
  { entries, vault, clock }: Pick<Ledger, 'entries' | 'vault' | 'clock'>,
  scope: VaultScope,
  subject: HoldsKey & { readonly pk: string },
): Promise<readonly HoldInTheWay[] | undefined> {
  try {
    const rows = await rowsUnder(vault, subject.pk)
    const { against } = await holdsOn({ entries }, scope, subject, rows, timestamp(clock))
    if (against.length === 0) return undefined
    return against.map(({ ground, until }) => ({
      ...(ground !== 'order' && { ground }),
      ...(until !== undefined && { until }),
    }))
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'keys-unreadable') return []
    throw error
  }
}
