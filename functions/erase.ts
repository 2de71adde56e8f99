/**
 * Lambda handler: erases subjects. What each right of its role is for:
 *
 *   entries   PartiQLInsert (the erasure entry), GetItem, BatchGetItem, Query (the controller, the subject's events)
 *   vault     GetItem, BatchGetItem, Query, DeleteItem: the one role that deletes, and it cannot insert
 *   log       GetItem, Query (the time of the newest batch, as for every book of a controller)
 *   KMS       Decrypt of the controller's secrets: to find the rows, and to say whose they are
 *
 * Only the controller learns whether the ledger knew the person. The answer repeats no identity and no pseudonym: it would be the
 * very link that is to be gone, in whatever keeps the controller's answers.
 */

import { type Erased, eraseSubject } from '../shared/ledger/erase.ts'
import type { ErasureReason } from '../shared/ledger/erasure-entry.ts'
import type { Residue } from '../shared/ledger/ledger.ts'
import { normaliseIdentity } from '../shared/ledger/vault.ts'
import { controllerFor, identified } from './http/access.ts'
import { ok, parseBody } from './http/call.ts'
import { type Endpoints, lambda } from './http/chain.ts'
import { erasureRequest } from './http/schemas/erasures.ts'
import { theEraser } from './instance.ts'

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
