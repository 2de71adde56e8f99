/**
 * Events on their way to the ledger. One stored item each, written before anything is sent and deleted when the ledger has answered
 * for it, so a tab may die at any moment: what is left is sent by the next page, as the same event with the same `eventId`, which the
 * ledger records once. A page sends what it put and what it found when it opened, or was seen again; what another put meanwhile is that
 * one's. Pages take turns (Web Locks); without locks two may send the same event, which is recorded once.
 *
 * An event that the ledger refuses for good (a 4xx) is kept and tried again as well: a site's mistake can be mended, a lost decision
 * cannot. There are at most 100 events; when there is no room the oldest that holds no refusal goes first, since a no outweighs a yes.
 */
import type { Outcome } from './answers.ts'
import { type Decided, eventName, noVerbs } from './choices.ts'
import { attempt, type Drawer } from './storage.ts'

/** An event without credential and `sentAt`, which each attempt adds. */
export interface QueuedEvent {
  readonly eventId: string
  readonly occurredAt: string
  readonly decisions: readonly Decided[]
  /** Whose it is; absent for the device's. Never sent. */
  readonly account?: string
}

/** How a subject is named in an event, for as long as one attempt takes. */
export type Credential = { readonly deviceSecret: string; readonly new?: boolean } | { readonly token: string }

export interface OutboxOptions {
  readonly drawer: Drawer
  /** `POST /v1/events` with the site's key. */
  readonly url: string
  readonly send: typeof fetch
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** In [0, 1). */
  readonly random: () => number
  /** `undefined` while nobody is here who may send it. */
  readonly credentialOf: (event: QueuedEvent) => Credential | undefined
  /** Does not throw, as `credentialOf` does not. */
  readonly onOutcome: (event: QueuedEvent, outcome: Outcome) => void
}

export interface Outbox {
  put(event: QueuedEvent): void
  /** Not yet answered for. */
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
/** As many as one call takes. */
const maxBatch = 25
/** Characters of one body: browsers let 64 KiB outlive a page, and a character has up to three bytes. */
const maxBatchLength = 20_000
const attemptMs = 30_000
const firstDelayMs = 1_000
const maxDelayMs = 300_000

export function openOutbox(options: OutboxOptions): Outbox {
  const { drawer, url, send, now, random, credentialOf, onOutcome } = options
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

  /** The next call: its events and its body. */
  function nextBatch(): { batch: QueuedEvent[]; body: string } {
    const sentAt = new Date(now()).toISOString()
    const batch: QueuedEvent[] = []
    let body = ''
    for (const event of waiting()) {
      const subject = due.has(event.eventId) && credentialOf(event)
      if (!subject) continue
      const { account: _, ...content } = event
      const json = JSON.stringify({ ...content, sentAt, subject })
      if (body && (batch.length >= maxBatch || body.length + json.length > maxBatchLength)) break
      batch.push(event)
      body += (body && ',') + json
    }
    return { batch, body: `{"events":[${body}]}` }
  }

  /** An outcome for each event; none when nobody answered, or not the ledger. Seconds until the next attempt, if it says. */
  async function post(
    batch: readonly QueuedEvent[],
    body: string,
  ): Promise<{ outcomes: Outcome[]; retryAfter?: number }> {
    const abort = new AbortController()
    const deadline = setTimeout(() => abort.abort(), attemptMs)
    try {
      // A string is text/plain, which needs no preflight; keepalive lets it outlive the page.
      const response = await send(url, { method: 'POST', body, keepalive: true, signal: abort.signal })
      const { status, headers } = response
      const answer = await response.json()
      const refusals = answer.code ? batch.map(() => ({ status, problem: answer })) : []
      return { outcomes: answer.outcomes ?? refusals, retryAfter: Number(headers.get('retry-after')) }
    } catch {
      return { outcomes: [] }
    } finally {
      clearTimeout(deadline)
    }
  }

  async function sendAll(): Promise<void> {
    isWaiting = false
    clearTimeout(timer)
    while (!isClosed) {
      const { batch, body } = nextBatch()
      if (batch.length === 0) return
      for (const event of batch) due.delete(event.eventId)
      const { outcomes, retryAfter = 0 } = await post(batch, body)
      let isDone = true
      for (const [i, event] of batch.entries()) {
        const outcome = outcomes[i]
        if (!outcome || isPassing(outcome.status)) {
          isDone = false
          due.add(event.eventId)
        } else {
          if (outcome.status < 300) drawer.delete(eventName + event.eventId)
          onOutcome(event, outcome)
        }
      }
      if (!isDone) return later(retryAfter)
      failures = 0
    }
  }

  function later(retryAfterSeconds: number): void {
    const delay = firstDelayMs * 2 ** failures++ * (0.5 + random() / 2)
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
      if (all.length >= maxEvents) {
        const goes = all.find((e) => !e.decisions.some((d) => noVerbs.includes(d.verb))) ?? all[0]
        if (goes) drawer.delete(eventName + goes.eventId)
      }
      drawer.write(eventName + event.eventId, event)
      due.add(event.eventId)
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
  return status >= 500 || status === 429
}
