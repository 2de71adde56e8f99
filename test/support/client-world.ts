/**
 * A device and a ledger for tests of the browser SDK without a browser: storage that outlives clients as localStorage outlives
 * pages, and a ledger that records by `eventId` and answers as a test says, call by call.
 */
import { isDeepStrictEqual } from 'node:util'
import type { ClientStorage, ConsentError, ConsentOptions } from '../../shared/client/client.ts'

/** The outcome of a call. `lost`: recorded, but the answer never arrives. `html`: something in between answers 200. */
export type Fate = 'ok' | 'down' | 'lost' | 'html' | 500 | 503 | 429 | 400 | 401 | 403

export interface SentEvent {
  readonly eventId: string
  readonly sentAt: string
  readonly occurredAt: string
  readonly subject: Readonly<Record<string, unknown>>
  readonly decisions: readonly { readonly purposeId?: string; readonly policyId?: string; readonly verb: string }[]
  readonly shown?: readonly unknown[]
  readonly signals?: Readonly<Record<string, unknown>>
  readonly act?: string
}

export interface LedgerDouble {
  /** In the order of recording. */
  readonly recorded: Map<string, SentEvent>
  /** Every event of every call that arrived, recorded or not. */
  readonly arrived: SentEvent[]
  readonly calls: { readonly url: string; readonly init: RequestInit | undefined }[]
  /** How the coming calls end; `ok` when the list is empty. */
  fates: Fate[]
  /** Calls for receipts, which are not among `calls`. */
  readonly receiptCalls: string[]
  /** What paths other than /v1/events answer, by their beginning. */
  readonly answers: Record<string, unknown>
  readonly fetch: typeof fetch
}

export function memoryStorage(
  kept = new Map<string, string>(),
): ClientStorage & { readonly kept: Map<string, string> } {
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  }
}

/** A tab's view of storage that it shares with other tabs: it writes at once, and sees what they wrote when it has caught up. */
export function laggingTab(shared: Map<string, string>): ClientStorage & { catchUp(): void } {
  let seen = new Map(shared)
  return {
    getItem: (key) => seen.get(key) ?? null,
    setItem(key, value) {
      seen.set(key, value)
      shared.set(key, value)
    },
    removeItem(key) {
      seen.delete(key)
      shared.delete(key)
    },
    keys: () => [...seen.keys()],
    catchUp() {
      seen = new Map(shared)
    },
  }
}

export function ledgerDouble(
  effectOf: (verb: string) => { effect: string; reason?: string } = usualEffect,
): LedgerDouble {
  const double: LedgerDouble = {
    recorded: new Map(),
    arrived: [],
    calls: [],
    fates: [],
    answers: {},
    receiptCalls: [],
    async fetch(input, init) {
      const url = String(input)
      const isForReceipts = url.includes('/v1/me/receipts') && !('/v1/me/receipts' in double.answers)
      if (isForReceipts) double.receiptCalls.push(url)
      else double.calls.push({ url, init })
      const fate = double.fates.shift() ?? 'ok'
      if (fate === 'down') throw new TypeError('Failed to fetch')
      if (fate === 'html') return new Response('<h1>Log in to this network</h1>')
      if (typeof fate === 'number') {
        const headers: Record<string, string> = fate === 503 ? { 'retry-after': '7' } : {}
        // Only the ledger's own refusals carry a code; a 429 is API Gateway's.
        const body = fate === 429 ? { message: 'Too Many Requests' } : { code: `code-${fate}`, detail: 'so it is' }
        return Response.json(body, { status: fate, headers })
      }
      // A page of the ledger's has twenty, the newest first.
      if (isForReceipts)
        return Response.json({ receipts: [...double.recorded.values()].reverse().slice(0, 20).map(receiptFor) })
      if (!url.includes('/v1/events')) {
        const [, answer] = Object.entries(double.answers).find(([path]) => new URL(url).pathname.startsWith(path)) ?? []
        return answer === undefined ? Response.json({ code: 'not-found' }, { status: 404 }) : Response.json(answer)
      }
      const { events } = JSON.parse(String(init?.body)) as { events: SentEvent[] }
      const outcomes = events.map((event) => {
        double.arrived.push(event)
        const before = double.recorded.get(event.eventId)
        if (before && !isSame(before, event)) return { status: 409, problem: { code: 'event-conflict' } }
        if (!before) double.recorded.set(event.eventId, event)
        const answer = url.includes('return=minimal') ? 'recorded' : 'receipt'
        return { status: before ? 200 : 201, [answer]: receiptFor(event) }
      })
      if (fate === 'lost') throw new TypeError('network changed')
      return Response.json({ outcomes })
    },
  }
  return double

  function receiptFor({ eventId, decisions }: SentEvent) {
    return { receiptId: 'r', eventId, decisions: decisions.map((d) => ({ ...d, ...effectOf(d.verb) })) }
  }
}

/** Options of a client on this device; `errors` collects what it reports. */
export function clientOptions(
  ledger: LedgerDouble,
  storage: ClientStorage,
  more: Partial<ConsentOptions> = {},
): ConsentOptions & { readonly errors: ConsentError[] } {
  const errors: ConsentError[] = []
  return {
    url: 'https://ledger.example',
    key: 'site_a_web_0',
    storage,
    fetch: ledger.fetch,
    onError: (error) => errors.push(error),
    errors,
    ...more,
  }
}

function usualEffect(verb: string) {
  const isYes = ['given', 'accepted', 'acknowledged'].includes(verb)
  return { effect: isYes ? 'yes' : ['refused', 'withdrawn', 'objected', 'declined'].includes(verb) ? 'no' : 'shown' }
}

function isSame({ sentAt: _, subject: __, ...a }: SentEvent, { sentAt: ___, subject: ____, ...b }: SentEvent): boolean {
  return isDeepStrictEqual(a, b)
}
