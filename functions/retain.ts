/**
 * Lambda handler, once a day: destroys the keys whose retention has passed, page by page, and finishes erasures that were cut short. A
 * function of its own, because it alone needs these rights beside those of `erase`, and no request may come near them:
 *
 *   vault     Scan, GetItem, BatchGetItem (years without their subject), UpdateItem (takes single wrapped keys out of a row; IAM cannot
 *             hold it to removing, the port can do nothing else)
 *   entries   GetItem, BatchGetItem (whom an erasure names)
 */
import { nothingRetained, type Retained, retainPage } from '../shared/ledger/retention.ts'
import type { Key } from '../shared/ledger/store.ts'
import { theRetainer } from './instance.ts'

/** No page is begun after this; one takes seconds, or a minute with many events to read. */
const budgetMs = 5 * 60_000

export interface RetainedRun extends Retained {
  /** Absent when the whole vault was seen. Whoever calls passes it back as `after`, or begins anew. */
  readonly next?: Key
}

/** May run twice, at once and from any place; a run that dies has done some pages, and the next does the others. */
export async function handler(event: { readonly after?: Key } = {}): Promise<RetainedRun> {
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
