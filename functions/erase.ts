/**
 * Lambda handler: erases subjects. It takes away what the vault holds of them, and cannot put anything there. Its role:
 *
 *   entries   PartiQLInsert (the erasure entry), Query (the controller, the subject's events)
 *   vault     Query, DeleteItem
 *   log       Query (the time of the newest batch, as for every book of a controller)
 *   KMS       Decrypt of the controllers' secrets: to find the rows, and to say whose they are
 *
 * Only the controller learns whether the ledger knew the person.
 */
import { eraseSubject } from '../shared/ledger/erase.ts'
import { readerIdentity } from '../shared/ledger/reads.ts'
import { normaliseIdentity } from '../shared/ledger/vault.ts'
import { controllerInBody, identified } from './http/access.ts'
import { ok, parseBody } from './http/call.ts'
import { type Endpoints, lambda } from './http/chain.ts'
import { erasureAnswer } from './http/erasure-answer.ts'
import { erasureRequest } from './http/schemas/erasures.ts'
import { theEraser } from './instance.ts'

const endpoints: Endpoints<'erase'> = {
  async eraseSubject(call) {
    const { book } = await controllerInBody(call, 'consent.erase')
    const { controller, subject, ground, scope } = parseBody(call, erasureRequest)
    const identity =
      'issuer' in subject ? readerIdentity(subject) : identified(normaliseIdentity(subject), '/subject/id')
    const eraser = theEraser()
    const erased = await eraseSubject(eraser, { controller, secrets: book.secrets }, identity, { ground, scope })
    return ok(erasureAnswer(controller, { ground, scope }, erased, eraser.residue, book.hasEarlierReads))
  },
}

export const handler = lambda(endpoints)
