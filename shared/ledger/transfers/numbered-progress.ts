/**
 * Progress of a long task, insert-only: each state is an item of its own, numbered from 1, in a partition of the task's.
 *
 *   PK  the task's      SK  the number, 16 digits      record  JSON of the state
 *
 * The newest is read by a descending query. A number can be inserted once, so of two workers, or of a worker and a person who cancels, one goes on
 * and the other learns that it was overtaken. A state holds counters and positions, never personal data.
 */
import { numberSk } from '../log/log-items.ts'
import { insertOne, type Table } from '../store.ts'

export interface Numbered<State> {
  readonly number: number
  readonly state: State
}

/** `undefined` before the first. */
export async function latestProgress<State>(
  entries: Pick<Table, 'query'>,
  pk: string,
  isState: (value: unknown) => value is State,
): Promise<Numbered<State> | undefined> {
  const [item] = (await entries.query(pk, { descending: true, limit: 1 })).items
  if (item === undefined) return undefined
  const state: unknown = JSON.parse(String(item.values.record))
  if (!isState(state)) throw new Error('a state of a task that this version does not know')
  return { number: Number(item.sk), state }
}

/** Returns false when the number was taken: another worker went on, or the task was cancelled. */
export async function addProgress<State extends object>(
  entries: Table,
  pk: string,
  { number, state }: Numbered<State>,
): Promise<boolean> {
  const key = { pk, sk: numberSk(number) }
  const record = JSON.stringify(state)
  if (await insertOne(entries, { ...key, values: { record } })) return true
  // The answer to a first try may have been lost: then the stored item is ours.
  const [stored] = await entries.get([key])
  return stored?.values.record === record
}
