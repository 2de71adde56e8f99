/**
 * Takes away what the vault holds: two entries of what alone may do so.
 *
 *   handler   erases a subject, over HTTP
 *   retain    a schedule: destroys the keys whose retention has passed, page by page
 *
 * What each right of the role is for; those with a star `retain` alone needs:
 *
 *   entries   PartiQLInsert (the erasure entry), Query (the controller, the subject's events), GetItem*, BatchGetItem* (is it erased?)
 *   vault     Query, DeleteItem, Scan*, GetItem*, BatchGetItem*, UpdateItem* (takes single wrapped keys out of a row)
 *   log       Query (the time of the newest batch, as for every book of a controller)
 *   KMS       Decrypt of the controllers' secrets: to find the rows, and to say whose they are
 *
 * IAM cannot hold UpdateItem to removing: deployed as a function of its own, `retain` keeps it and Scan away from requests, and what
 * answers those can take away and never put back. Only the controller learns whether the ledger knew the person.
 */
import { eraseSubject } from '../shared/ledger/erase.ts'
import { nothingRetained, type Retained, retainPage } from '../shared/ledger/retention.ts'
import type { Key } from '../shared/ledger/store.ts'
import { normaliseIdentity } from '../shared/ledger/vault.ts'
import { controllerFor, identified } from './http/access.ts'
import { ok, parseBody } from './http/call.ts'
import { type Endpoints, lambda } from './http/chain.ts'
import { erasureAnswer } from './http/erasure-answer.ts'
import { erasureRequest } from './http/schemas/erasures.ts'
import { theEraser, theRetainer } from './instance.ts'

const endpoints: Endpoints<'erase'> = {
  async eraseSubject(call) {
    const { controller, subject, ground, scope } = parseBody(call, erasureRequest)
    const { book } = await controllerFor(call, controller, 'consent.erase')
    const identity = identified(normaliseIdentity(subject), '/subject/id')
    const eraser = theEraser()
    const erased = await eraseSubject(eraser, { controller, secrets: book.secrets }, identity, { ground, scope })
    return ok(erasureAnswer(controller, { ground, scope }, erased, eraser.residue))
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
