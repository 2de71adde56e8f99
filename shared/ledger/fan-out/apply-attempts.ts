/** What attempts make of the state of an endpoint's deliveries: pure functions. */
import type { DeliveryState, SettledDelivery, WaitingMessage } from './delivery-state.ts'
import { nextAttemptMs } from './retry-schedule.ts'
import { gone, type Sent } from './send-lanes.ts'

export interface Moment {
  readonly nowMs: number
  /** Uniform in [0, 1): the jitter. */
  readonly random: () => number
  /** Number of the endpoint's change by which the messages were made. */
  readonly change: number
}

export interface Applied {
  readonly state: DeliveryState
  readonly settled: readonly SettledDelivery[]
}

/** Pauses of a receiver that fails again and again: doubled from the first one up to the longest. */
const firstPauseMs = 15_000
const longestPauseMs = 15 * 60_000
const failuresBeforePause = 5
/** Statuses by which a receiver asks for fewer messages. */
const throttling: ReadonlySet<number> = new Set([429, 502, 503, 504])
const longestThrottleMs = 24 * 3_600_000

/** For messages that were new or waited. Those that were not tried wait on, in the order of the log. */
export function applyAttempts(before: DeliveryState, sent: readonly Sent[], moment: Moment): Applied {
  const waiting = new Map(before.waiting.map((each) => [placeOf(each), each]))
  const settled: SettledDelivery[] = []
  for (const { message, attempt } of sent) {
    const { leaf, part, lane, sequence = 0 } = message
    const known = waiting.get(placeOf(message)) ?? { leaf, part, lane, sequence, attempts: 0, nextAtMs: moment.nowMs }
    const attempts = known.attempts + (attempt ? 1 : 0)
    const status = attempt?.status
    const nextAtMs = attempt && nextAttemptMs(attempts, moment.nowMs, moment.random(), attempt.retryAfterMs)
    const isSettled = attempt?.isDelivered === true || (attempt !== undefined && nextAtMs === undefined)
    if (attempt === undefined) waiting.set(placeOf(message), known)
    else if (isSettled) {
      const outcome = attempt.isDelivered ? 'delivered' : 'dead'
      settled.push({ leaf, part, outcome, redelivery: 0, attempts, at: at(moment), sequence, status })
      waiting.delete(placeOf(message))
    } else {
      const { lastStatus: _status, lastError: _error, ...kept } = known
      waiting.set(placeOf(message), {
        ...{ ...kept, attempts, nextAtMs: nextAtMs ?? moment.nowMs, firstAt: known.firstAt ?? at(moment) },
        ...(status !== undefined && { lastStatus: status }),
        ...(attempt.error !== undefined && { lastError: attempt.error }),
      } satisfies WaitingMessage)
    }
  }
  const inOrder = [...waiting.values()].sort((a, b) => a.leaf - b.leaf || a.part - b.part)
  const state = { ...receiverAfter(before, sent, moment), waiting: inOrder }
  return { state: counted(state, settled), settled }
}

/** For a redelivery, which is tried once: what fails is a dead letter again. */
export function applyRedelivery(
  before: DeliveryState,
  sent: readonly Sent[],
  redelivery: number,
  moment: Moment,
): Applied {
  const settled = sent.flatMap(({ message: { leaf, part, sequence }, attempt }): SettledDelivery[] =>
    attempt === undefined
      ? []
      : [
          {
            ...{ leaf, part, redelivery, sequence, attempts: 1, at: at(moment), status: attempt.status },
            outcome: attempt.isDelivered ? 'delivered' : 'dead',
          },
        ],
  )
  return { state: counted(receiverAfter(before, sent, moment), settled), settled }
}

function counted(state: DeliveryState, settled: readonly SettledDelivery[]): DeliveryState {
  const count = (outcome: SettledDelivery['outcome']) => settled.filter((each) => each.outcome === outcome).length
  return { ...state, delivered: state.delivered + count('delivered'), dead: state.dead + count('dead') }
}

/** How the receiver does: it is paused when it fails again and again or asks for it, and stopped when it says that it is gone. */
function receiverAfter(before: DeliveryState, sent: readonly Sent[], { nowMs, random, change }: Moment): DeliveryState {
  const attempts = sent.flatMap(({ attempt }) => (attempt ? [attempt] : []))
  const { pausedUntilMs: _, ...rest } = before
  if (attempts.length === 0) return before
  const lastSuccess = attempts.findLastIndex(({ isDelivered }) => isDelivered)
  const failures = lastSuccess < 0 ? before.failures + attempts.length : attempts.length - 1 - lastSuccess
  const { failingSince: since, ...others } = rest
  const failingSince = failures === 0 ? undefined : ((lastSuccess < 0 ? since : undefined) ?? at({ nowMs }))
  const asked = attempts.map(({ status = 0, retryAfterMs = 0 }) => (throttling.has(status) ? retryAfterMs : 0))
  const throttledMs = Math.min(longestThrottleMs, Math.max(0, ...asked))
  const doublings = Math.max(0, Math.floor(failures / failuresBeforePause) - 1)
  const pauseMs =
    failures < failuresBeforePause ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** doublings) * (1 + random() / 5)
  const quietMs = Math.round(Math.max(throttledMs, pauseMs))
  return {
    ...{ ...others, failures },
    ...(failingSince !== undefined && { failingSince }),
    ...(quietMs > 0 && { pausedUntilMs: nowMs + quietMs }),
    ...(attempts.some(({ status }) => status === gone) && { goneAtChange: change }),
  }
}

const at = ({ nowMs }: Pick<Moment, 'nowMs'>): string => new Date(nowMs).toISOString()
const placeOf = ({ leaf, part }: Pick<WaitingMessage, 'leaf' | 'part'>): string => `${leaf} ${part}`

/**
 * Messages that may be tried now: of each lane whose first message is due, all from that one on. In the order of the log.
 *
 * @param limit most messages
 */
export function dueMessages({ waiting }: DeliveryState, nowMs: number, limit: number): readonly WaitingMessage[] {
  const dueLanes = new Set<string>()
  const seen = new Set<string>()
  for (const { lane, nextAtMs } of waiting) {
    if (!seen.has(lane) && nextAtMs <= nowMs) dueLanes.add(lane)
    seen.add(lane)
  }
  return waiting.filter(({ lane }) => dueLanes.has(lane)).slice(0, limit)
}

/** When the next message may be tried; `Infinity` when none waits. Milliseconds since 1970. */
export function nextAttemptDueMs({ waiting }: DeliveryState): number {
  const seen = new Set<string>()
  let dueMs = Number.POSITIVE_INFINITY
  for (const { lane, nextAtMs } of waiting) {
    if (!seen.has(lane)) dueMs = Math.min(dueMs, nextAtMs)
    seen.add(lane)
  }
  return dueMs
}
