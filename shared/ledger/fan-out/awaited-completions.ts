/**
 * Which receivers are expected to say that they have acted, until when, and which are late.
 *
 *   awaited      PK `<controller>#awaited#<endpoint>`      SK `<due instant>#<leaf, 16 digits>#<part>`     no attributes
 *   completed    PK `<controller>#completed#<endpoint>`    SK `<leaf, 16 digits>#<part>`                    no attributes
 *
 * An awaited completion is written when its message was delivered, of whatever type, so that a row does not tell a reader of the tables what a
 * person decided. It is looked for once, when it is due. The look goes on from the last due time that
 * was looked at, so it reads each item once.
 */

import { numberSk } from '../log/log-items.ts'
import type { Item, Key, Table } from '../store.ts'
import type { DeliveryPlace } from './delivery-id.ts'
import type { DeliveryState } from './delivery-state.ts'

const hourMs = 3_600_000
/** Looked for in one step. */
const atOnce = 100

const completedPk = (controller: string, endpoint: string): string => `${controller}#completed#${endpoint}`
export const awaitedPk = (controller: string, endpoint: string): string => `${controller}#awaited#${endpoint}`
const placeSk = ({ leaf, part }: DeliveryPlace): string => `${numberSk(leaf)}#${part}`

export const completedKey = (controller: string, endpoint: string, place: DeliveryPlace): Key => ({
  pk: completedPk(controller, endpoint),
  sk: placeSk(place),
})

/** @param dueMs milliseconds since 1970 */
export function awaitedItem(controller: string, endpoint: string, place: DeliveryPlace, dueMs: number): Item {
  const due = new Date(dueMs).toISOString()
  return { pk: awaitedPk(controller, endpoint), sk: `${due}#${placeSk(place)}`, values: {} }
}

export const dueAfter = (nowMs: number, hours: number): number => nowMs + hours * hourMs

/** Counts what became due since the last look and was not completed. */
export async function countLate(
  entries: Pick<Table, 'query' | 'get'>,
  controller: string,
  endpoint: string,
  state: DeliveryState,
  nowMs: number,
): Promise<{ readonly state: DeliveryState; readonly late: number }> {
  const { completionsUntil, completionDueMs: _, ...rest } = state
  const after = completionsUntil === undefined ? {} : { after: completionsUntil }
  const { items } = await entries.query(awaitedPk(controller, endpoint), { ...after, limit: atOnce })
  const now = new Date(nowMs).toISOString()
  const due = items.filter(({ sk }) => sk < now)
  const keys = due.map(({ sk }) => ({ pk: completedPk(controller, endpoint), sk: sk.slice(sk.indexOf('#') + 1) }))
  const found = keys.length === 0 ? [] : await entries.get(keys)
  const late = found.filter((item) => item === undefined).length
  const following = due.length === atOnce ? nowMs : items[due.length] && dueMsOf(items[due.length])
  const until = due.at(-1)?.sk ?? completionsUntil
  return {
    late,
    state: {
      ...{ ...rest, lateCompletions: state.lateCompletions + late },
      ...(until !== undefined && { completionsUntil: until }),
      ...(following !== undefined && { completionDueMs: following }),
    },
  }
}

function dueMsOf(item: Item | undefined): number | undefined {
  return item && Date.parse(item.sk.slice(0, item.sk.indexOf('#')))
}
