/**
 * Does the work of looking for a subject's events where the ledger does not know the subject (any more). Otherwise the time of the answer would show
 * whether it does to whoever holds an old link in a letter or asks about an identifier.
 */
import type { Table } from '../store.ts'

/** Queries a partition that no writer uses. */
export async function queryNobody(entries: Pick<Table, 'query'>, controller: string): Promise<undefined> {
  await entries.query(`${controller}#nobody`, { limit: 1 })
  return undefined
}
