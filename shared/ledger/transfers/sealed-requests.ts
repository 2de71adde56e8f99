/**
 * What was asked of imports and exports, in `entries`, one item each: sealed for the controller, because a request may hold names of its own, such as
 * a mapping, and says who asked.
 *
 *   PK  the controller's imports, or exports      SK  the id that the caller chose      payload  the request
 */
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { deriveKey } from '../derived-keys.ts'
import type { Ledger } from '../ledger.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import { type Item, insertOne, type Key, type Table } from '../store.ts'

const paddedBytes = 512

/** Returns false when the id has a request already. */
export function storeRequest(
  { entries, random }: Pick<Ledger, 'entries' | 'random'>,
  snapshot: ControllerSnapshot,
  key: Key,
  request: object,
): Promise<boolean> {
  const payload = sealPayload(request, sealOf(snapshot), key, random, paddedBytes)
  return insertOne(entries, { ...key, values: { payload } })
}

/** @throws `not-found` */
export async function findRequest<Request>(
  entries: Pick<Table, 'get'>,
  snapshot: ControllerSnapshot,
  key: Key,
): Promise<Request> {
  const [item] = await entries.get([key])
  if (item === undefined) throw new LedgerError('not-found', 'nothing was asked for under this id', { given: key.sk })
  return openRequest(item, snapshot)
}

/** By id. */
export async function listRequests<Request>(
  entries: Pick<Table, 'query'>,
  snapshot: ControllerSnapshot,
  pk: string,
  after: string | undefined,
  limit: number,
): Promise<{ readonly requests: readonly Request[]; readonly next?: string }> {
  const page = await entries.query(pk, { limit, ...(after !== undefined && { after }) })
  const requests = page.items.map((item) => openRequest<Request>(item, snapshot))
  return { requests, ...(page.next !== undefined && { next: page.next }) }
}

function openRequest<Request>(item: Item, snapshot: ControllerSnapshot): Request {
  const { payload } = item.values
  if (!(payload instanceof Uint8Array)) throw new LedgerError('internal', 'a stored request cannot be read')
  // Only `storeRequest` seals under this key and into this partition, and a planted item does not open.
  return openPayload(payload, sealOf(snapshot), item) as Request
}

const sealOf = ({ controller, secrets }: ControllerSnapshot) =>
  deriveKey(secrets.dataKey, 'transfers', controller.controller)

/** Whether a worker may take a task: one that is queued, or whose worker has let go or has added no state for `silentMs`. */
export function isFree(
  { state, at, worker }: { readonly state: string; readonly at: string; readonly worker?: string | undefined },
  now: number,
  silentMs: number,
): boolean {
  if (state === 'queued') return true
  return state === 'running' && (worker === undefined || now - Date.parse(at) >= silentMs)
}
