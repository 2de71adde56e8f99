/**
 * One step of the deliveries to an endpoint: what is due again, then what is new, then a redelivery, then completions that are due. It sends
 * one answer of the source at most, inserts the outcomes, and returns the state that its caller inserts.
 */
import type { Ledger } from '../ledger.ts'
import type { Table } from '../store.ts'
import { applyAttempts, applyRedelivery, dueMessages, type Moment } from './apply-attempts.ts'
import { awaitedItem, countLate, dueAfter } from './awaited-completions.ts'
import type { DeliveryPlace } from './delivery-id.ts'
import { type DeliveryState, maxWaiting, outcomeItem, outcomeKey, type SettledDelivery } from './delivery-state.ts'
import { type MessageSource, type MessagesAnswer, messagesAtOnce, type ReadyMessage } from './message-source.ts'
import { lanesAtOnce, type Send, type Sent, sendLanes } from './send-lanes.ts'

export interface Delivering extends Pick<Ledger, 'clock'> {
  readonly entries: Table
  readonly log: Pick<Table, 'query'> & Table
  readonly source: MessageSource
  readonly send: Send
  /** Uniform in [0, 1): the jitter. */
  readonly jitter: () => number
  /** No other process delivers, and this one begins no second pass during one. */
  readonly isAlone?: boolean
}

export interface StepCounts {
  readonly delivered: number
  /** Attempts that failed. */
  readonly failed: number
  readonly dead: number
  /** Completions that were found to be late. */
  readonly late: number
}

export interface Step extends StepCounts {
  readonly state: DeliveryState
  /** Whether another step may find more. */
  readonly goesOn: boolean
}

const idle: StepCounts = { delivered: 0, failed: 0, dead: 0, late: 0 }

/**
 * A step begins no attempt later than this after its first one, so that a slow receiver holds nobody up for longer. What it then has not
 * tried waits, and is tried in the next step.
 */
export const sendingMs = 5_000

/** A worker sends nothing in the last part of its time, which is longer than an attempt takes at most. */
const quietMs = 40_000

export const isPaused = ({ pausedUntilMs = 0 }: DeliveryState, nowMs: number): boolean => nowMs < pausedUntilMs

/** Whether what waits leaves room for a whole answer of new messages. Whoever claims an endpoint asks this too: a claim costs two states. */
export const mayMakeNew = ({ waiting }: DeliveryState): boolean => waiting.length <= maxWaiting - messagesAtOnce

export interface StepOf {
  readonly controller: string
  readonly endpoint: string
  /** Number of the latest redelivery. */
  readonly asked: number
  /** False ends the sending before the next message: the time of the run is over. */
  readonly mayGoOn: () => boolean
}

export async function deliveryStep(ledger: Delivering, of: StepOf, before: DeliveryState): Promise<Step> {
  const { controller, endpoint, asked } = of
  const step = new EndpointStep(ledger, of)
  if (!isPaused(before, ledger.clock())) {
    const done =
      (await step.retry(before)) ??
      (await step.sendNew(before)) ??
      (asked > before.redelivered ? await step.redeliver(before) : undefined)
    if (done !== undefined) return done
  }
  const { completionDueMs = Number.POSITIVE_INFINITY } = before
  if (completionDueMs > ledger.clock()) return { ...idle, state: before, goesOn: false }
  const { state, late } = await countLate(ledger.entries, controller, endpoint, before, ledger.clock())
  return { ...idle, late, state, goesOn: false }
}

/** Each method returns `undefined` when there was nothing for it to do. */
class EndpointStep {
  private readonly ledger: Delivering
  private readonly controller: string
  private readonly endpoint: string
  private readonly mayGoOn: () => boolean

  constructor(ledger: Delivering, { controller, endpoint, mayGoOn }: StepOf) {
    this.ledger = ledger
    this.mayGoOn = mayGoOn
    this.controller = controller
    this.endpoint = endpoint
  }

  async retry(before: DeliveryState): Promise<Step | undefined> {
    const places = dueMessages(before, this.ledger.clock(), messagesAtOnce)
    if (places.length === 0) return undefined
    const answer = await this.messages({ kind: 'again', places })
    if (!mayReceive(before, answer)) return stopped(before)
    const { state: open, settled } = this.withoutClosed(before, answer)
    const sent = await this.send(answer.url, open, answer.messages)
    if (settled.length === 0 && !sent.some(isTried)) return undefined
    const applied = applyAttempts(open, sent, this.moment(answer))
    return this.stored(applied.state, [...settled, ...applied.settled], sent, true)
  }

  async sendNew(before: DeliveryState): Promise<Step | undefined> {
    if (!mayMakeNew(before)) return undefined
    const answer = await this.messages({ kind: 'new', from: before.next, sequence: before.sequence })
    if (!mayReceive(before, answer)) return stopped(before)
    if (answer.next <= before.next) return undefined
    const state = { ...before, next: answer.next, sequence: before.sequence + answer.messages.length }
    const sent = await this.send(answer.url, state, await this.withoutOutcome(answer.messages))
    const applied = applyAttempts(state, sent, this.moment(answer))
    return this.stored(applied.state, applied.settled, sent, true)
  }

  async redeliver(before: DeliveryState): Promise<Step> {
    const number = before.redelivered + 1
    const answer = await this.messages({ kind: 'redelivery', number, from: before.redeliveringFrom ?? 0 })
    if (!mayReceive(before, answer)) return stopped(before)
    const sent = await this.send(answer.url, { ...before, waiting: [] }, answer.messages)
    const { state, settled } = applyRedelivery(before, sent, number, this.moment(answer))
    const { redeliveringFrom: _, ...others } = state
    // What was not tried, because the receiver failed or the time was up, is tried in the next run.
    const untried = sent.find((each) => !isTried(each))?.message.leaf
    const from = untried ?? (answer.isEnd ? undefined : answer.next)
    const after = from === undefined ? { ...others, redelivered: number } : { ...others, redeliveringFrom: from }
    return this.stored(after, settled, sent, untried === undefined)
  }

  private messages(work: Parameters<MessageSource['messages']>[0]['work']): Promise<MessagesAnswer> {
    const { controller, endpoint } = this
    return this.ledger.source.messages({ controller, endpoint, work })
  }

  /** New messages of a lane that waits are held back. A receiver that fails is tried with one lane at a time. */
  private async send(url: string, state: DeliveryState, messages: readonly ReadyMessage[]): Promise<Sent[]> {
    const { send, clock } = this.ledger
    const isHeld = (message: ReadyMessage) =>
      !state.waiting.some((each) => isSamePlace(each, message)) &&
      state.waiting.some(({ lane }) => lane === message.lane)
    const held = messages.filter(isHeld)
    const untilMs = Math.min((state.busyUntilMs ?? 0) - quietMs, clock() + sendingMs)
    const sent = await sendLanes(
      send,
      url,
      messages.filter((message) => !held.includes(message)),
      { lanes: state.failures > 0 ? 1 : lanesAtOnce, mayGoOn: () => this.mayGoOn() && clock() < untilMs },
    )
    return [...sent, ...held.map((message): Sent => ({ message }))]
  }

  private moment({ change }: MessagesAnswer): Moment {
    const { clock, jitter } = this.ledger
    return { nowMs: clock(), random: jitter, change }
  }

  /** A worker that was killed may have settled some of them. */
  private async withoutOutcome(messages: readonly ReadyMessage[]): Promise<readonly ReadyMessage[]> {
    if (messages.length === 0) return messages
    const keys = messages.map((message) => outcomeKey(this.controller, this.endpoint, message, 0))
    const stored = await this.ledger.entries.get(keys)
    return messages.filter((_, i) => stored[i] === undefined)
  }

  /** What can no longer be made leaves the state. */
  private withoutClosed(before: DeliveryState, { closed }: MessagesAnswer) {
    const at = new Date(this.ledger.clock()).toISOString()
    const isClosed = (each: DeliveryPlace) => closed.some((place) => isSamePlace(place, each))
    const settled = before.waiting.filter(isClosed).map(
      ({ leaf, part, sequence, attempts }): SettledDelivery => ({
        ...{ leaf, part, sequence, attempts, at },
        ...{ redelivery: 0, outcome: 'closed' },
      }),
    )
    return { state: { ...before, waiting: before.waiting.filter((each) => !isClosed(each)) }, settled }
  }

  /** Inserts the outcomes. One that is there already is that of a worker before. */
  private async stored(
    state: DeliveryState,
    settled: readonly SettledDelivery[],
    sent: readonly Sent[],
    hasMoved: boolean,
  ): Promise<Step> {
    const { controller, endpoint } = this
    const { clock, entries } = this.ledger
    const nowMs = clock()
    const awaited = sent.flatMap(({ message, attempt }) =>
      attempt?.isDelivered && message.completionHours !== undefined
        ? [{ place: message, dueMs: dueAfter(nowMs, message.completionHours) }]
        : [],
    )
    const items = [
      ...settled.map((each) => {
        const dueMs = awaited.find(({ place }) => isSamePlace(place, each))?.dueMs
        const dueAt = dueMs === undefined ? undefined : new Date(dueMs).toISOString()
        return outcomeItem(controller, endpoint, { ...each, dueAt })
      }),
      ...awaited.map(({ place, dueMs }) => awaitedItem(controller, endpoint, place, dueMs)),
    ]
    const results = items.length === 0 ? [] : await entries.insert(items)
    for (const result of results) if (result.outcome === 'error') throw result.error
    const dueMs = Math.min(...[state.completionDueMs ?? [], awaited.map((each) => each.dueMs)].flat())
    const count = (outcome: SettledDelivery['outcome']) => settled.filter((each) => each.outcome === outcome).length
    return {
      ...{ delivered: count('delivered'), dead: count('dead'), late: 0 },
      failed: sent.filter(({ attempt }) => attempt !== undefined && !attempt.isDelivered).length,
      state: Number.isFinite(dueMs) ? { ...state, completionDueMs: dueMs } : state,
      goesOn: hasMoved && !isPaused(state, nowMs),
    }
  }
}

const isTried = ({ attempt }: Sent): boolean => attempt !== undefined
const isSamePlace = (a: DeliveryPlace, b: DeliveryPlace): boolean => a.leaf === b.leaf && a.part === b.part
const stopped = (state: DeliveryState): Step => ({ ...idle, state, goesOn: false })

/** A receiver that said it is gone gets nothing until its endpoint is changed. */
function mayReceive({ goneAtChange = 0 }: DeliveryState, { change, isEnabled }: MessagesAnswer): boolean {
  return isEnabled && goneAtChange < change
}
