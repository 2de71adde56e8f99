/**
 * Delivers messages to one endpoint: at least once, and in the order of the log for each person. Everything follows from the log and the state
 * (`delivery-state.ts`), so a worker may be killed at any time and another goes on.
 *
 *   1. take the endpoint: insert the next state, which says until when this worker is at it
 *   2. one step (`delivery-step.ts`): get messages, send them, insert their outcomes
 *   3. insert the next state; from 2 on again, until nothing is left or the endpoint's turn is over
 *
 * A state that was inserted though its answer was lost is known by the worker's id in it.
 *
 * A crash between sending and 3 repeats those messages under the same ids, when the time of the dead worker is over. No message is sent by
 * a worker whose time is nearly over, so two workers never send the same lane at once.
 */
import { randomUUID } from 'node:crypto'
import { lastBatch } from '../log/batches.ts'
import { batchEnd } from '../log/log-items.ts'
import { insertOne } from '../store.ts'
import { dueMessages, nextAttemptDueMs } from './apply-attempts.ts'
import { type DeliveryState, type NumberedState, newestState, stateItem } from './delivery-state.ts'
import { type Delivering, deliveryStep, isPaused, mayMakeNew, type StepCounts } from './delivery-step.ts'
import { lastRedelivery } from './endpoint-entries.ts'
import type { ListedEndpoint } from './message-source.ts'

export interface Delivered extends StepCounts {
  /** Leaves of the log of which no message was made yet. */
  readonly behind: number
  /** Since when the receiver has failed. RFC 3339. */
  readonly failingSince?: string | undefined
  /** Another turn may find more to send now. */
  readonly hasMore: boolean
  /** Length of the log that was seen, and when something is due next unless it grows or somebody acts. Milliseconds since 1970. */
  readonly size: number
  readonly nextDueMs: number
}

/** How long a worker may be at an endpoint between two states. */
export const busyMs = 120_000
/** No step of a turn is begun after this time but the first, so that other endpoints have theirs. */
const turnMs = 5_000

/**
 * One turn of one endpoint.
 *
 * @param mayGoOn is asked before each step and each message
 */
export async function deliverTo(
  ledger: Delivering,
  controller: string,
  listed: ListedEndpoint,
  mayGoOn: () => boolean = () => true,
): Promise<Delivered> {
  const { entries, log, clock } = ledger
  const { endpoint } = listed
  const newest = await newestState(entries, controller, endpoint)
  const last = await lastBatch(log, controller)
  const size = last ? batchEnd(last) : 0
  const asked = await lastRedelivery(entries, controller, endpoint)
  const total = { delivered: 0, failed: 0, dead: 0, late: 0 }
  let { state } = newest
  let hasMore = false
  const counts = (): Delivered => ({
    ...{ ...total, hasMore, size },
    nextDueMs: isTaken(ledger, state) || asked > state.redelivered ? clock() : nextDueMs(state, listed, size, clock()),
    behind: Math.max(0, size - state.next),
    failingSince: state.failingSince,
  })
  if (isTaken(ledger, state) || !hasWork(state, listed, size, asked, clock())) return counts()

  const worker = randomUUID()
  const claim = (of: DeliveryState): DeliveryState => ({ ...of, worker, busyUntilMs: clock() + busyMs })
  const insert = async ({ number }: NumberedState, following: DeliveryState): Promise<NumberedState | undefined> => {
    const next = { number: number + 1, state: following }
    try {
      return (await insertOne(entries, stateItem(controller, endpoint, next))) ? next : undefined
    } catch (error) {
      // The insert may have happened and its answer been lost: without this look the endpoint would wait for this very worker.
      const stored = await newestState(entries, controller, endpoint)
      if (stored.number === next.number && stored.state.worker === worker) return next
      throw error
    }
  }
  const turnEndMs = clock() + turnMs
  let held = await insert(newest, claim(state))
  while (held !== undefined) {
    const step = mayGoOn()
      ? await deliveryStep(ledger, { controller, endpoint, asked, mayGoOn }, held.state)
      : undefined
    if (step !== undefined) {
      state = step.state
      for (const name of ['delivered', 'failed', 'dead', 'late'] as const) total[name] += step[name]
    }
    const { busyUntilMs: _, ...idle } = state
    hasMore = step?.goesOn === true
    const goesOn = hasMore && clock() < turnEndMs
    // `undefined`: this worker was late, and another one has the endpoint.
    const stored = await insert(held, goesOn ? claim(state) : { ...idle, worker })
    held = goesOn ? stored : undefined
  }
  return counts()
}

function nextDueMs(state: DeliveryState, { isEnabled, change }: ListedEndpoint, size: number, nowMs: number): number {
  const { goneAtChange = 0, completionDueMs = Number.POSITIVE_INFINITY, pausedUntilMs = nowMs } = state
  if (!isEnabled || goneAtChange >= change) return Number.POSITIVE_INFINITY
  if (mayMakeNew(state) && state.next < size) return Math.min(completionDueMs, pausedUntilMs)
  return Math.min(completionDueMs, Math.max(pausedUntilMs, nextAttemptDueMs(state)))
}

/** Where one process delivers, a worker that a state names has died with the process before. */
function isTaken({ isAlone = false, clock }: Delivering, { busyUntilMs = 0 }: DeliveryState): boolean {
  return !isAlone && clock() < busyUntilMs
}

function hasWork(
  state: DeliveryState,
  { isEnabled, change }: ListedEndpoint,
  size: number,
  asked: number,
  nowMs: number,
): boolean {
  const { goneAtChange = 0, completionDueMs = Number.POSITIVE_INFINITY } = state
  if (!isEnabled || goneAtChange >= change) return false
  if (completionDueMs <= nowMs) return true
  if (isPaused(state, nowMs)) return false
  const mayMake = mayMakeNew(state) && state.next < size
  return mayMake || asked > state.redelivered || dueMessages(state, nowMs, 1).length > 0
}
