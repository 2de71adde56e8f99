/**
 * How far retention has come through the vault, in slices of it. A position inside a slice would be the name of a subject, and what is
 * stored in the entries stays for ever.
 *
 *   PK `#retained`   SK the number of slices that were ever done, 16 digits
 *
 * A crash leaves an earlier position: the slices since are done again, which changes nothing.
 */
import { numberSk } from '../log/log-items.ts'
import { insertOne, type Key, type Table } from '../store.ts'

const retainedPk = '#retained'

export const isRetentionPosition = ({ pk }: Key): boolean => pk === retainedPk

export async function slicesDone(entries: Pick<Table, 'query'>): Promise<number> {
  const [position] = (await entries.query(retainedPk, { descending: true, limit: 1 })).items
  return position === undefined ? 0 : Number(position.sk)
}

export async function storeSlicesDone(entries: Table, slices: number): Promise<void> {
  await insertOne(entries, { pk: retainedPk, sk: numberSk(slices), values: {} })
}
