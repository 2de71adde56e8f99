/**
 * Events on their way to the ledger. One stored item each, written before anything is sent and deleted when the ledger has answered
 * for it, so a tab may die at any moment: what is left is sent by the next page, as the same event with the same `eventId`, which the
 * ledger records once. A page sends what it put and what it found when it opened, or was seen again; what another put meanwhile is that
 * one's. Pages take turns (Web Locks); without locks two may send the same event, which is recorded once.
 *
 * An event that the ledger refuses for good (a 4xx) is kept and tried again as well: a site's mistake can be mended, a lost decision
 * cannot. When a call is refused as a whole, its events are sent one by one, so that only the faulty one is refused. At most 100 events
 * are kept. When there is no room the oldest one without a no is dropped first, since a no outweighs a yes.
 */

import { type Decided, eventName, noVerbs } from './choices.ts'
import { exchange } from './exchange.ts'
import type { Outcome } from './ledger-answers.ts'
import { attempt, type PrefixedStorage } from './storage.ts'

/** An event without credential and `sentAt`, which each attempt adds. */
export interface QueuedEvent {
  readonly eventId: string
  readonly occurredAt: string
  readonly decisions: readonly Decided[]
  /** The account whose event it is; absent for the device's. Never sent. */
  readonly account?: string
}

/** How a subject is named in an event, for as long as one attempt takes. */
export type Credential = { readonly deviceSecret: string; readonly new?: boolean } | { readonly token: string }

export interface OutboxOptions {
  readonly drawer: PrefixedStorage
  /** `POST /v1/events` with the site's key. */
  readonly url: string
  readonly send: typeof fetch
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** `false` while the account of the event is not signed in. */
  readonly credentialOf: (event: QueuedEvent) => Credential | false
  /** Does not throw, as `credentialOf` does not. */
  readonly onOutcome: (event: QueuedEvent, outcome: Outcome) => void
}

export interface Outbox {
  put(event: QueuedEvent): void
  /** Events without an accepting answer, in the order of `occurredAt`. */
  waiting(): readonly QueuedEvent[]
  /** Sends what this page has, now. */
  flush(): Promise<void>
  /** Takes on what others left, too: pages that are gone, or what was refused. */
  resume(): Promise<void>
  /** Hands what this page still has to the browser, which sends it when the page is gone. */
  leave(): void
  close(): void
}

const maxEvents = 100
/** Statuses that one event can cause for a whole call. Others, such as 401 for a wrong key, concern all events alike. */
const bodyStatuses = [400, 413, 415, 422]
/** As many as one call takes. */
const maxBatch = 25
/** Characters of one body: browsers let 64 KiB outlive a page, and a character has up to three bytes. */
const maxBatchLength = 20_000
const firstDelayMs = 1_000
const maxDelayMs = 300_000

export function openOutbox(options: OutboxOptions): Outbox {
  const { drawer, url, send, now, credentialOf, onOutcome } = options
  /** What this page is to send: what it put, and what it found; not what is under way, or was refused. Other tabs see to theirs. */
  const due = new Set<string>()
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = Promise.resolve()
  let isWaiting = false
  let isClosed = false

  function waiting(): readonly QueuedEvent[] {
    return drawer
      .names(eventName)
      .flatMap((eventId) => drawer.read<QueuedEvent>(eventName + eventId) ?? [])
      .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1))
  }

  /** The next call, of so many events at most: its events and its body. */
  function nextBatch(most = maxBatch): { batch: QueuedEvent[]; body: string } {
    const sentAt = new Date(now()).toISOString()
    const batch: QueuedEvent[] = []
    let body = ''
    for (const event of waiting()) {
      const subject = due.has(event.eventId) && credentialOf(event)
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
      if (batch.length === 0) return
      for (const { eventId } of batch) due.delete(eventId)
      // A string is text/plain, which needs no preflight. keepalive lets the call outlive the page, and fails for longer bodies.
      const init = { method: 'POST', body, keepalive: body.length <= maxBatchLength }
      const { answer, refusal } = await exchange<Answer>(send, url, init)
      const isSplit = batch.length > 1 && bodyStatuses.includes(refusal?.status ?? 0)
      if (isSplit) most = 1
      let isDone = true
      for (const [i, event] of batch.entries()) {
        const outcome = refusal ?? answer?.outcomes?.[i]
        if (isSplit || !outcome || isPassing(outcome.status)) {
          due.add(event.eventId)
          isDone &&= isSplit
        } else {
          if (outcome.status < 300) drawer.delete(eventName + event.eventId)
          onOutcome(event, outcome)
        }
      }
      if (!isDone) return later(refusal?.retryAfter)
      failures = 0
    }
  }

  function later(retryAfterSeconds = 0): void {
    const delay = firstDelayMs * 2 ** failures++ * (0.5 + Math.random() / 2)
    if (!isClosed) timer = setTimeout(flush, Math.min(maxDelayMs, Math.max(delay, retryAfterSeconds * 1000 || 0)))
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
      const goes = all.length < maxEvents ? undefined : (all.find((e) => !holdsNo(e)) ?? all[0])
      if (goes) drawer.delete(eventName + goes.eventId)
      drawer.write(eventName + event.eventId, event)
      due.add(event.eventId)
      if (goes) onOutcome(goes, { status: 0, problem: { code: 'dropped' } })
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

/** It may go better the next time. */
function isPassing(status: number): boolean {
  return status < 200 || status >= 500 || status === 429
}

/** The ledger's answer to a call that it took: an outcome for each event. */
interface Answer {
  readonly outcomes?: readonly Outcome[]
}

/** JSON that the ledger can read: half surrogate pairs and NUL, which it refuses, become U+FFFD. `JSON.stringify` escapes both. */
function wellFormed(event: object): string {
  return JSON.stringify(event).replace(/\\u(d[89a-f]..|0000)|\\./g, (found) => (found[2] ? '\ufffd' : found))
}
