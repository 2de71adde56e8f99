/**
 * Changes of what a controller has, such as its identity provider or the origins of a site. A change is a record of its own, which states
 * everything from then on.
 *
 * Changes are numbered from 1 without gaps, and the number is part of the key. So of two administrators who change at once one is refused,
 * the same request sent twice is one change, and one that is sent again later cannot bring an earlier state back.
 */
import { LedgerError } from '../../errors.ts'
import type { Ledger } from '../ledger.ts'
import type { Item, Key } from '../store.ts'
import { type PublishResult, publishOnce } from './publish-once.ts'

interface Numbered {
  readonly change: number
}

/**
 * @param last number of the latest change; 0 before the first
 * @throws `invalid-request` when changes between the latest one and this one are missing
 */
export function refuseGap({ change }: Numbered, last: number): void {
  if (change <= last + 1) return
  throw new LedgerError('invalid-request', 'the number of a change is one more than that of the change before it', {
    field: '/change',
    given: change,
    allowed: last + 1,
  })
}

/**
 * Inserts the change, or returns the stored one when it came from an equal draft.
 *
 * @param last number of the latest change; 0 before the first
 * @param values further attributes of the item
 * @throws `already-exists` when the change of this number has other content
 */
export function publishChange<T>(
  ledger: Ledger,
  key: Key,
  draft: Numbered,
  {
    record,
    leaf,
    last,
    values,
  }: { readonly record: T; readonly leaf: string; readonly last: number; readonly values?: Item['values'] },
): Promise<PublishResult<T>> {
  return publishOnce(ledger, key, draft, record, { leaf, ...values }).catch((error: unknown) => {
    if (!(error instanceof LedgerError && error.code === 'already-exists')) throw error
    throw new LedgerError('already-exists', 'the change of this number was made before, with other content', {
      field: '/change',
      given: draft.change,
      allowed: Math.max(last, draft.change) + 1,
    })
  })
}
