/**
 * How far the deliveries to an endpoint have come: numbered items, of which the newest counts. A number can be inserted once, so two workers never
 * both go on from the same state.
 *
 *   state     PK `<controller>#delivering#<endpoint>`     SK its number, 16 digits                                  state: JSON, below
 *   outcome   PK `<controller>#delivered#<endpoint>`      SK `<leaf, 16 digits>#<part, 4 digits>#<redelivery, 16>`   outcome, attempts, at, status?, sequence?, dueAt?
 *
 * A state has the messages that wait for another attempt, at most `maxWaiting`; then no new ones are made until some are settled. So its size, and
 * the work of a run, do not depend on how much was delivered. An outcome is inserted once a delivery has ended; redelivery 0 is the
 * first. Both hold leaf indexes, counts and times, a waiting message also the first 12 characters of the person's pseudonym (`lane`). Neither
 * holds an identifier or says what was decided.
 */
import { conforms, instant, integer, list, name, optional, record, type TypeOf, wording } from '../../consent/schema.ts'
import { numberSk } from '../log/log-items.ts'
import type { Item, Key, Table } from '../store.ts'
import type { DeliveryPlace } from './delivery-id.ts'

export const maxWaiting = 200

/** A message that was made and is neither delivered nor given up. */
export const waitingMessage = record({
  leaf: integer,
  part: integer,
  sequence: integer,
  /** Messages of a lane go in order: a lane is a person, or what is about no person. The first characters of the pseudonym. */
  lane: name,
  /** Attempts that failed; 0 while an earlier message of its lane holds it back. */
  attempts: integer,
  /** Milliseconds since 1970. */
  nextAtMs: integer,
  firstAt: optional(instant),
  lastStatus: optional(integer),
  lastError: optional(name),
})
export interface WaitingMessage extends TypeOf<typeof waitingMessage> {}

const deliveryState = record({
  /** The first leaf of which no message was made yet. */
  next: integer,
  /** That of the next message. */
  sequence: integer,
  waiting: list(waitingMessage),
  /** Redeliveries that were done, and the next leaf of the one under way. */
  redelivered: integer,
  redeliveringFrom: optional(integer),
  /** Attempts that failed since one succeeded. */
  failures: integer,
  failingSince: optional(instant),
  /** Nothing is sent before. Milliseconds since 1970. */
  pausedUntilMs: optional(integer),
  /** A worker is at it until then. Milliseconds since 1970. */
  busyUntilMs: optional(integer),
  /** The worker that inserted the state: by it a worker whose answer was lost knows its own. Random. */
  worker: optional(name),
  /** The receiver answered 410 while this change of the endpoint stood: a later change sends again. */
  goneAtChange: optional(integer),
  delivered: integer,
  dead: integer,
  /** Sort key of the last awaited completion that was looked for (`awaited-completions.ts`). */
  completionsUntil: optional(wording),
  /** When the next awaited completion is due. Milliseconds since 1970. */
  completionDueMs: optional(integer),
  lateCompletions: integer,
})
export interface DeliveryState extends TypeOf<typeof deliveryState> {}

export const firstState: DeliveryState = {
  ...{ next: 0, sequence: 1, waiting: [], redelivered: 0, failures: 0 },
  ...{ delivered: 0, dead: 0, lateCompletions: 0 },
}

export interface NumberedState {
  readonly number: number
  readonly state: DeliveryState
}

const statePk = (controller: string, endpoint: string): string => `${controller}#delivering#${endpoint}`
export const outcomePk = (controller: string, endpoint: string): string => `${controller}#delivered#${endpoint}`

/** @throws Error when the newest state cannot be read: going on from another one could skip messages */
export async function newestState(
  entries: Pick<Table, 'query'>,
  controller: string,
  endpoint: string,
): Promise<NumberedState> {
  const { items } = await entries.query(statePk(controller, endpoint), { descending: true, limit: 1 })
  const [item] = items
  if (item === undefined) return { number: 0, state: firstState }
  const state: unknown = JSON.parse(String(item.values.state))
  if (!conforms(deliveryState, state)) throw new Error('the state of an endpoint’s deliveries cannot be read')
  return { number: Number(item.sk), state }
}

export function stateItem(controller: string, endpoint: string, { number, state }: NumberedState): Item {
  return { pk: statePk(controller, endpoint), sk: numberSk(number), values: { state: JSON.stringify(state) } }
}

/** How a delivery ended. `dead`: no attempt is left. `closed`: its content was erased before it could be sent. */
export type Outcome = 'delivered' | 'dead' | 'closed'

export interface SettledDelivery extends DeliveryPlace {
  readonly outcome: Outcome
  /** 0: it was no redelivery. */
  readonly redelivery: number
  readonly attempts: number
  readonly at: string
  readonly sequence?: number | undefined
  readonly status?: number | undefined
  /** Until when the receiver is expected to report that it has acted. Absent: it is not. */
  readonly dueAt?: string | undefined
}

const placeSk = ({ leaf, part }: DeliveryPlace): string => `${numberSk(leaf)}#${String(part).padStart(4, '0')}`

export const outcomeKey = (controller: string, endpoint: string, place: DeliveryPlace, redelivery: number): Key => ({
  pk: outcomePk(controller, endpoint),
  sk: `${placeSk(place)}#${numberSk(redelivery)}`,
})

export function outcomeItem(controller: string, endpoint: string, settled: SettledDelivery): Item {
  const { outcome, attempts, at, sequence, status, dueAt } = settled
  const values = {
    ...{ outcome, attempts, at },
    ...(sequence !== undefined && { sequence }),
    ...(status !== undefined && { status }),
    ...(dueAt !== undefined && { dueAt }),
  }
  return { ...outcomeKey(controller, endpoint, settled, settled.redelivery), values }
}

const outcomes: readonly string[] = ['delivered', 'dead', 'closed'] satisfies Outcome[]

export function readOutcome({ sk, values }: Item): SettledDelivery | undefined {
  const [leaf, part, redelivery] = sk.split('#').map(Number)
  const { outcome, attempts, at, sequence, status, dueAt } = values
  if (leaf === undefined || part === undefined || redelivery === undefined || typeof at !== 'string') return undefined
  if (!outcomes.includes(String(outcome)) || typeof attempts !== 'number') return undefined
  return {
    ...{ leaf, part, redelivery, attempts, at },
    // Checked above.
    outcome: outcome as Outcome,
    ...(typeof sequence === 'number' && { sequence }),
    ...(typeof status === 'number' && { status }),
    ...(typeof dueAt === 'string' && { dueAt }),
  }
}
