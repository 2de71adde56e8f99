/**
 * Takes away what the vault holds: two entries of one Lambda function, the only one that may. Neither can write to the vault.
 *
 *   handler   erases a subject, over HTTP
 *   retain    a schedule: destroys the keys whose retention has passed, page by page
 *
 * What each right of the role is for; those with a star `retain` alone needs:
 *
 *   entries   PartiQLInsert (the erasure entry), Query (the controller, the subject's events), GetItem*, BatchGetItem* (is it erased?)
 *   vault     Query, DeleteItem, Scan*, GetItem*, BatchGetItem*, UpdateItem* (single wrapped keys out of a row, never into one)
 *   log       Query (the time of the newest batch, as for every book of a controller)
 *   KMS       Decrypt of the controllers' secrets: to find the rows, and to say whose they are
 *
 * Only the controller learns whether the ledger knew the person. The answer repeats no identity and no pseudonym: it would be the
 * very link that is to be gone, in whatever keeps the controller's answers.
 */

import { type Erased, eraseSubject } from '../shared/ledger/erase.ts'
import type { ErasureReason } from '../shared/ledger/erasure-entry.ts'
import type { Residue } from '../shared/ledger/ledger.ts'
import { nothingRetained, type Retained, retainPage } from '../shared/ledger/retention.ts'
import type { Key } from '../shared/ledger/store.ts'
import { normaliseIdentity } from '../shared/ledger/vault.ts'
import { controllerFor, identified } from './http/access.ts'
import { ok, parseBody } from './http/call.ts'
import { type Endpoints, lambda } from './http/chain.ts'
import { erasureRequest } from './http/schemas/erasures.ts'
import { theEraser, theRetainer } from './instance.ts'

const endpoints: Endpoints<'erase'> = {
  async eraseSubject(call) {
    const { controller, subject, ground, scope } = parseBody(call, erasureRequest)
    const { book } = await controllerFor(call, controller, 'consent.erase')
    const identity = identified(normaliseIdentity(subject), '/subject/id')
    const eraser = theEraser()
    const erased = await eraseSubject(eraser, { controller, secrets: book.secrets }, identity, { ground, scope })
    return ok(answerOf(controller, { ground, scope }, erased, eraser.residue))
  },
}

export const handler = lambda(endpoints)

/** No page is begun after this; one takes seconds, or a minute with many events to read. */
const budgetMs = 5 * 60_000

export interface RetainedRun extends Retained {
  /** Absent when the whole vault was seen. Whoever calls passes it back as `after`, or begins anew. */
  readonly next?: Key
}

/** May run twice, at once and from any place; a run that dies has done some pages, and the next does the others. */
export async function retain(event: { readonly after?: Key } = {}): Promise<RetainedRun> {
  const retainer = theRetainer()
  const until = performance.now() + budgetMs
  const sum = nothingRetained()
  let after = event.after
  do {
    const { next, ...page } = await retainPage(retainer, after)
    for (const name of Object.keys(sum) as (keyof Retained)[]) sum[name] += page[name]
    after = next
  } while (after !== undefined && performance.now() < until)
  return { ...sum, ...(after && { next: after }) }
}

function answerOf(controller: string, reason: ErasureReason, { erasedAt, subjects, events }: Erased, residue: Residue) {
  return {
    controller,
    ...reason,
    erasedAt,
    outcome: subjects > 0 ? 'erased' : 'nothing-found',
    events,
    copies: copiesOf(events),
    pending: pendingIn(residue, erasedAt),
  }
}

/** The same list whatever was found: what was handed out before an earlier erasure is still out there. */
function copiesOf(events: number) {
  return [
    {
      copy: 'receipts',
      holders: 'known',
      count: events,
      says: 'Each event was answered with a receipt, to the page or the server that sent it, and to the subject whenever it asked. A receipt opens by itself.',
    },
    {
      copy: 'audit-reads',
      holders: 'unknown',
      says: 'Auditors may have had statuses, timelines and proofs. Each read is recorded, sealed under the key of its reader: the ledger cannot find those that named this subject. Ask the auditors.',
    },
    {
      copy: 'log-mirrors',
      holders: 'harmless',
      says: 'Mirrors of the log keep the leaves: an unknown pseudonym and salted digests.',
    },
  ]
}

function pendingIn(residue: Residue, erasedAt: string) {
  switch (residue.in) {
    case 'recovery':
      return {
        in: residue.in,
        until: new Date(Date.parse(erasedAt) + residue.days * 86_400_000).toISOString(),
        says: 'Until then the vault can be restored to a time before the erasure.',
      }
    case 'file':
      return {
        in: residue.in,
        says: 'Deleted rows can be read in the vault’s file until it is vacuumed, which is when the server next stops or starts. Copies of the file are not the ledger’s to know.',
      }
    case 'unknown':
      return { in: residue.in, says: 'The database is not the ledger’s own: what its backups hold is not known.' }
  }
}
