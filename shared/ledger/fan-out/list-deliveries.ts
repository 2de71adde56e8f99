/** The deliveries to an endpoint, for people who look after it: those that wait, from the state, and those that ended, from their outcomes. */
import type { Table } from '../store.ts'
import { completedKey } from './awaited-completions.ts'
import { deliveryId } from './delivery-id.ts'
import { newestState, outcomePk, readOutcome } from './delivery-state.ts'

const pageLength = 100

export interface ListedDelivery {
  readonly deliveryId: string
  readonly leaf: number
  readonly part: number
  readonly sequence?: number
  readonly redelivery: number
  readonly state: 'waiting' | 'held' | 'delivered' | 'dead' | 'closed'
  readonly attempts: number
  readonly nextAttemptAt?: string
  readonly firstAttemptAt?: string
  readonly endedAt?: string
  readonly lastStatus?: number
  readonly lastError?: string
  readonly isCompleted?: boolean
}

export interface DeliveryPage {
  readonly deliveries: readonly ListedDelivery[]
  readonly next?: string
}

type Entries = Pick<Table, 'query' | 'get'>

export async function waitingDeliveries(entries: Entries, controller: string, endpoint: string): Promise<DeliveryPage> {
  const { state } = await newestState(entries, controller, endpoint)
  const lanes = new Set<string>()
  const deliveries = state.waiting.map(
    ({ leaf, part, lane, sequence, attempts, nextAtMs, ...last }): ListedDelivery => {
      const isHeld = lanes.has(lane)
      lanes.add(lane)
      return {
        ...{
          deliveryId: deliveryId({ controller, endpoint, leaf, part }),
          leaf,
          part,
          sequence,
          redelivery: 0,
          attempts,
        },
        state: isHeld ? 'held' : 'waiting',
        ...(!isHeld && { nextAttemptAt: new Date(Math.max(nextAtMs, state.pausedUntilMs ?? nextAtMs)).toISOString() }),
        ...(last.firstAt !== undefined && { firstAttemptAt: last.firstAt }),
        ...(last.lastStatus !== undefined && { lastStatus: last.lastStatus }),
        ...(last.lastError !== undefined && { lastError: last.lastError }),
      }
    },
  )
  return { deliveries }
}

/** @param after the `next` of the page before */
export async function endedDeliveries(
  entries: Entries,
  controller: string,
  endpoint: string,
  after: string | undefined,
): Promise<DeliveryPage> {
  const pk = outcomePk(controller, endpoint)
  const page = await entries.query(pk, { descending: true, limit: pageLength, ...(after !== undefined && { after }) })
  const outcomes = page.items.flatMap((item) => readOutcome(item) ?? [])
  const keys = new Map(outcomes.map((each) => [`${each.leaf} ${each.part}`, completedKey(controller, endpoint, each)]))
  const names = [...keys.keys()]
  const completed = names.length === 0 ? [] : await entries.get([...keys.values()])
  const isCompleted = new Map(names.map((name, i) => [name, completed[i] !== undefined]))
  const deliveries = outcomes.map(
    ({ leaf, part, sequence, redelivery, attempts, at, status, outcome }): ListedDelivery => ({
      ...{
        deliveryId: deliveryId({ controller, endpoint, leaf, part }),
        leaf,
        part,
        redelivery,
        state: outcome,
        attempts,
      },
      ...(sequence !== undefined && { sequence }),
      endedAt: at,
      ...(status !== undefined && { lastStatus: status }),
      ...(outcome === 'delivered' && { isCompleted: isCompleted.get(`${leaf} ${part}`) === true }),
    }),
  )
  return { deliveries, ...(page.next !== undefined && { next: page.next }) }
}
