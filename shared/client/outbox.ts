/**
 * Queue of events for the ledger. Each is one stored item, written before the event is sent and deleted after the ledger has accepted it.
 * A tab may therefore die at any moment: the next page sends the rest, with the same `eventId`, so that the ledger records each event once.
 * A page sends the events that it put, and those that it found when it opened or became visible again; events that another page puts
 * meanwhile are sent by that page. Pages take turns (Web Locks). Without locks two pages may send the same event, which is recorded once.
 *
 * An event that the ledger refuses for good (a 4xx) is kept and tried again too: a mistake of the site can be corrected, a lost decision
 * cannot. When a whole call is refused, its events are sent one by one, so that only the faulty one is refused. At most 100 events are
 * kept. When there is no room, the oldest event without a no is dropped first, because a no outweighs a yes.
 */

import { type Decided, eventName, noVerbs } from './choices.ts'
import { callLedger } from './exchange.ts'
import type { Outcome } from './ledger-answers.ts'
import { attempt, type PrefixedStorage } from './storage.ts'

/** An event without its credential and `sentAt`, which each attempt adds. */
export interface QueuedEvent {
  readonly eventId: string
  readonly occurredAt: string
  readonly decisions: readonly Decided[]
  /** The account that the event belongs to; absent for the device's events. Never sent. */
  readonly account?: string
}

/** The `subject` of an event. Added for one attempt and not stored. */
export type Credential = { readonly deviceSecret: string; readonly new?: boolean } | { readonly token: string }

export interface OutboxOptions {
  readonly storage: PrefixedStorage
  /** `POST /v1/events` with the site's key. */
  readonly url: string
  readonly send: typeof fetch
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** `false` while the account of the event is not signed in. */
  readonly subject: (event: QueuedEvent) => Credential | false | '' | undefined
  /** Must not throw; nor must `subject`. */
  readonly receive: (event: QueuedEvent, outcome: Outcome) => void
}

export interface Outbox {
  put(event: QueuedEvent): void
  /** Events that the ledger has not accepted, in the order of `occurredAt`. */
  waiting(): readonly QueuedEvent[]
  /** Sends this page's events now. */
  flush(): Promise<void>
  /** Sends all stored events, also those of pages that are gone and those that were refused. */
  resume(): Promise<void>
  /** Hands this page's events to the browser (`sendBeacon`), which sends them even after the page is gone. */
  leave(): void
  close(): void
}

const maxEvents = 100
/** Statuses that one faulty event can cause for a whole call. Others, such as 401 for a wrong key, concern all events. */
const bodyStatuses = [400, 413, 415, 422]
/** The ledger's limit on the events in one call. */
const maxBatch = 25
/** In characters: browsers let 64 KiB of a request outlive its page, and a character has up to three bytes. */
const maxBatchLength = 20_000
const firstDelayMs = 1_000
const maxDelayMs = 300_000

export function openOutbox(options: OutboxOptions): Outbox {
  const { storage, url, send, now, subject: subjectOf, receive } = options
  /** Ids of the events that this page is to send. An event leaves the set while it is being sent, and stays out if it is refused. */
  const due = new Set<string>()
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = Promise.resolve()
  let isWaiting = false
  let isClosed = false

  function waiting(): readonly QueuedEvent[] {
    return storage
      .names(eventName)
      .flatMap((eventId) => storage.read<QueuedEvent>(eventName + eventId) ?? [])
      .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1))
  }

  /** The events of the next call, at most `most`, and its body. */
  function nextBatch(most = maxBatch): { batch: QueuedEvent[]; body: string } {
    const sentAt = new Date(now()).toISOString()
    const batch: QueuedEvent[] = []
    let body = ''
    for (const event of waiting()) {
      const subject = due.has(event.eventId) && subjectOf(event)
      if (!subject) continue
      const { account: _, ...content } = event
      const json = wellFormed({ ...content, sentAt, subject })
      if (body && (batch.length >= most || body.length + json.length > maxBatchLength)) break
      batch.push(event)
      body += (body && ',') + json
    }
    return { batch, body: `{"events":[${body}]}` }
  }

  async function sendAll(): Promise<void> {
    isWaiting = false
    clearTimeout(timer)
    let most = maxBatch
    while (!isClosed) {
      const { batch, body } = nextBatch(most)
      if (!batch[0]) return
      for (const { eventId } of batch) due.delete(eventId)
      // A string is sent as text/plain, which needs no CORS preflight. keepalive lets the call outlive the page, but fails for longer bodies.
      const init = { method: 'POST', body, keepalive: body.length <= maxBatchLength }
      const { answer, refusal } = await callLedger<Answer>(send, url, init)
      const isSplit = batch.length > 1 && bodyStatuses.includes(refusal?.status ?? 0)
      if (isSplit) most = 1
      let isDone = true
      for (const [i, event] of batch.entries()) {
        const outcome = refusal ?? answer?.outcomes?.[i]
        if (isSplit || !outcome || isTransient(outcome.status)) {
          due.add(event.eventId)
          isDone &&= isSplit
        } else {
          if (outcome.status < 300) storage.delete(eventName + event.eventId)
          receive(event, outcome)
        }
      }
      if (!isDone) return later(refusal?.retryAfter)
      failures = 0
    }
  }

  function later(retryAfter?: string | null): void {
    const delay = firstDelayMs * 2 ** failures++ * (0.5 + Math.random() / 2)
    if (!isClosed) timer = setTimeout(flush, Math.min(maxDelayMs, Math.max(delay, Number(retryAfter) * 1000 || 0)))
  }

  function flush(): Promise<void> {
    if (!isWaiting) {
      isWaiting = true
      const locks = attempt(() => navigator.locks)
      turn = turn.then(() => (locks ? locks.request(url, sendAll).catch(sendAll) : sendAll()))
    }
    return turn
  }

  return {
    waiting,
    flush,
    resume() {
      for (const { eventId } of waiting()) due.add(eventId)
      return flush()
    },
    put(event) {
      const all = waiting()
      const holdsNo = (e: QueuedEvent) => e.decisions.some((d) => noVerbs.includes(d.verb))
      const dropped = all.length < maxEvents ? undefined : (all.find((e) => !holdsNo(e)) ?? all[0])
      if (dropped) storage.delete(eventName + dropped.eventId)
      storage.write(eventName + event.eventId, event)
      due.add(event.eventId)
      if (dropped) receive(dropped, { status: 0, problem: { code: 'dropped' } })
    },
    leave() {
      const { batch, body } = nextBatch()
      if (batch.length > 0) attempt(() => navigator.sendBeacon(url, body))
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/** Whether another attempt may succeed. */
function isTransient(status: number): boolean {
  return status < 200 || status >= 500 || status === 429
}

/** The ledger's answer to a call that it accepted: an outcome for each event. */
interface Answer {
  readonly outcomes?: readonly Outcome[]
}

/** JSON that the ledger can read: half surrogate pairs and NUL, which it refuses, become U+FFFD. `JSON.stringify` escapes both. */
function wellFormed(event: object): string {
  return JSON.stringify(event).replace(/\\u(d[89a-f]..|0000)|\\./g, (found) => (found[2] ? '\ufffd' : found))
}
