/**
 * Lambda handler: erases subjects. It takes away what the vault holds of them, and cannot put anything there. Its role:
 *
 *   entries   PartiQLInsert (the erasure entry), Query (the controller, the subject's events)
 *   vault     Query, DeleteItem
 *   log       Query (the time of the newest batch, as for every snapshot of a controller)
 *   KMS       Decrypt of the controllers' secrets: to find the rows, and to say whose they are
 *
 * Only the controller learns whether the ledger knew the person.
 */

import { erasureRequest } from '../../shared/api/schemas/erasures.ts'
import { type ErasureResult, eraseSubject } from '../../shared/ledger/erase-subject.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import { controllerInBody, identified } from '../http/access.ts'
import type { Endpoints } from '../http/app.ts'
import { ok, parseBody } from '../http/call.ts'
import { erasureAnswer } from './erasure-answer.ts'

export const erasureEndpoints = (eraser: Eraser): Endpoints<'erase'> => ({
  async eraseSubject(call) {
    const { snapshot, bearer } = await controllerInBody(call, 'consent.erase')
    const { controller, subject, ground, scope } = parseBody(call, erasureRequest)
    // The holder of a token has two identities in the vault: one for its reads, one for its administrative acts.
    const identities =
      'issuer' in subject
        ? [holderIdentity('read', subject), holderIdentity('act', subject)]
        : [identified(subject, '/subject/id')]
    const vaultScope = { controller, secrets: snapshot.secrets }
    const reason = { ground, scope }
    const done: ErasureResult[] = []
    for (const identity of identities) done.push(await eraseSubject(eraser, vaultScope, identity, reason, bearer))
    return ok(erasureAnswer(controller, reason, sumOf(done), eraser.deletedRowCopies, snapshot.hasEarlierReads))
  },
})

function sumOf([first, ...others]: readonly ErasureResult[]): ErasureResult {
  if (first === undefined) throw new Error('no identity to erase was given')
  return others.reduce(
    (sum, { erasedAt, subjects, events }) => ({
      erasedAt,
      subjects: sum.subjects + subjects,
      events: sum.events + events,
    }),
    first,
  )
}
