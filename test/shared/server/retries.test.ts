/** What the client sends, and when it sends it again: held against a `fetch`, a clock, chance and pauses of the test's own. */
import { describe, expect, it } from 'vitest'
import { type LedgerOptions, openLedger, ProblemError } from '../../../shared/server/server.ts'

interface Sent {
  readonly url: string
  readonly headers: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of any shape
  readonly body: any
}

type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> } | 'broken'

const unavailable = (headers = {}): Reply => ({ status: 503, body: { code: 'unavailable', title: 'Not now' }, headers })
const receipt: Reply = { status: 201, body: { receiptId: 'r' } }
const start = Date.parse('2026-11-22T12:00:00.000Z')

/** A ledger that answers with these, one after the other; each pause moves the clock. */
function scripted(replies: readonly Reply[], options: Partial<LedgerOptions> = {}) {
  const sent: Sent[] = []
  const pauses: number[] = []
  let now = start
  const ledger = openLedger({
    url: 'https://consent.example.org/',
    controller: 'acme',
    siteKey: 'site_acme_web_x',
    token: (scope) => `token for ${scope}`,
    clock: () => now,
    random: () => 1,
    pause: async (ms) => {
      pauses.push(ms)
      now += ms
    },
    fetch: async (url, init) => {
      const reply = replies[sent.length]
      const { headers = {}, body } = init ?? {}
      sent.push({
        url: String(url),
        headers: headers as Record<string, string>,
        body: body === undefined ? undefined : JSON.parse(String(body)),
      })
      if (reply === undefined) throw new Error('one attempt more than expected')
      if (reply === 'broken') throw new TypeError('fetch failed')
      return new Response(JSON.stringify(reply.body ?? {}), { status: reply.status, headers: reply.headers })
    },
    ...options,
  })
  return { ledger, sent, pauses }
}

const event = {
  subject: { identifier: { type: 'email', id: 'kim@example.org' } },
  decisions: [{ policyId: 'terms', verb: 'accepted' }],
} as const

async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return error as ProblemError
}

describe('an event', () => {
  it('is the same at each attempt, but for the time at which it is sent', async () => {
    const { ledger, sent } = scripted([unavailable(), 'broken', receipt])
    expect(await ledger.recordEvents(event)).toEqual({ receiptId: 'r' })
    expect(sent).toHaveLength(3)
    const [first, , last] = sent.map(({ body }) => body)
    expect(first.eventId).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(sent.map(({ body: { sentAt: _, ...rest } }) => JSON.stringify(rest))).size).toBe(1)
    expect(first.occurredAt).toBe('2026-11-22T12:00:00.000Z')
    expect(first.sentAt).toBe(first.occurredAt)
    expect(last.sentAt > first.sentAt).toBe(true)
  })

  it('keeps the eventId and the time that it came with, in a batch too', async () => {
    const own = { eventId: 'b1d3c1d0-0000-4000-8000-000000000001', occurredAt: '2026-11-22T08:00:00Z' }
    const { ledger, sent } = scripted([{ status: 200, body: { outcomes: [] } }])
    await ledger.recordEvents([{ ...event, ...own }, event])
    const [one, two] = sent[0]?.body.events ?? []
    expect(one).toMatchObject(own)
    expect(two.eventId).not.toBe(one.eventId)
  })

  it('asks for the scope that its subject needs, and for none that speaks for itself', async () => {
    const subjects = {
      'consent.write': event.subject,
      'consent.import': { ...event.subject, assurance: 'imported' },
      none: { deviceSecret: 'x'.repeat(22) },
    } as const
    for (const [scope, subject] of Object.entries(subjects)) {
      const { ledger, sent } = scripted([receipt])
      await ledger.recordEvents({ ...event, subject })
      expect(sent[0]?.headers['x-site-key']).toBe('site_acme_web_x')
      expect(sent[0]?.headers.authorization).toBe(scope === 'none' ? undefined : `Bearer token for ${scope}`)
    }
  })
})

describe('after a failure that passes', () => {
  it('pauses longer each time, and gives up', async () => {
    const { ledger, pauses } = scripted([unavailable(), 'broken', unavailable(), unavailable()])
    expect(await problemOf(ledger.recordEvents(event))).toMatchObject({ code: 'unavailable', status: 503 })
    expect(pauses).toEqual([200, 400, 800])
  })

  it('pauses for any part of that, as chance says', async () => {
    const { ledger, pauses } = scripted([unavailable(), receipt], { random: () => 0.25 })
    await ledger.recordEvents(event)
    expect(pauses).toEqual([50])
  })

  it.each([
    ['seconds', '3', 3_000],
    ['a date', new Date(start + 7_000).toUTCString(), 7_000],
    ['a date that has passed', new Date(start - 7_000).toUTCString(), 200],
    ['nonsense', 'soon', 200],
  ])('waits as long as Retry-After says: %s', async (_, header, expected) => {
    const { ledger, pauses } = scripted([unavailable({ 'retry-after': header }), receipt])
    await ledger.recordEvents(event)
    expect(pauses).toEqual([expected])
  })

  it('begins no attempt after its patience has ended', async () => {
    const { ledger, pauses } = scripted([unavailable(), unavailable()], { patienceMs: 500 })
    await problemOf(ledger.recordEvents(event))
    expect(pauses).toEqual([200])
  })

  it('does not wait for an hour', async () => {
    const { ledger, pauses } = scripted([unavailable({ 'retry-after': '3600' })])
    expect((await problemOf(ledger.recordEvents(event))).code).toBe('unavailable')
    expect(pauses).toEqual([])
  })

  it('says that nobody answered', async () => {
    const { ledger } = scripted(['broken', 'broken'], { maxAttempts: 2 })
    expect(await problemOf(ledger.listPolicies())).toMatchObject({ code: 'unreachable', status: 0 })
  })

  it('gives an attempt a limited time, its answer included', async () => {
    const { ledger } = scripted([], {
      timeoutMs: 20,
      maxAttempts: 1,
      fetch: async (_, init) =>
        new Response(
          new ReadableStream({
            start: (stream) => init?.signal?.addEventListener('abort', () => stream.error(init.signal?.reason)),
          }),
        ),
    })
    expect((await problemOf(ledger.listPolicies())).code).toBe('unreachable')
  })
})

describe('is sent once', () => {
  it('a question about a person: each one is recorded', async () => {
    for (const reply of [unavailable(), 'broken'] as const) {
      const { ledger, sent } = scripted([reply])
      await problemOf(ledger.askConsents({ subject: { type: 'email', id: 'kim@example.org' } }))
      expect(sent).toHaveLength(1)
      expect(sent[0]?.headers.authorization).toBe('Bearer token for consent.audit')
      expect(sent[0]?.body.controller).toBe('acme')
    }
  })

  it('what was refused', async () => {
    const problem = {
      code: 'unknown-purpose',
      title: 'No',
      field: '/decisions/0/purposeId',
      given: 'x',
      allowed: ['y'],
    }
    const { title: _, ...facts } = problem
    const { ledger, sent } = scripted([{ status: 400, body: problem }])
    const error = await problemOf(ledger.recordEvents(event))
    expect(error).toMatchObject({ ...facts, status: 400, problem })
    expect(error.message).toBe('recordEvents: unknown-purpose at /decisions/0/purposeId: No')
    expect(sent).toHaveLength(1)
  })

  it('what no ledger answered, a redirection among it', async () => {
    for (const [status, body] of [
      [302, ''],
      [404, { message: 'Not Found' }],
      [400, null],
    ] as const) {
      const { ledger, sent } = scripted([{ status, body }])
      expect(await problemOf(ledger.getCheckpoint())).toMatchObject({ code: 'unexpected-answer', status })
      expect(sent).toHaveLength(1)
    }
  })
})

it('takes no success for an answer that is not JSON', async () => {
  const { ledger } = scripted([], { fetch: async () => new Response('<html>Log in to the hotel’s network</html>') })
  expect(await problemOf(ledger.recordEvents(event))).toMatchObject({ code: 'unexpected-answer', status: 200 })
})

it('says what it was not given, before anything is sent', async () => {
  const { ledger, sent } = scripted([], { siteKey: undefined, token: undefined })
  await expect(ledger.getNotice('terms')).rejects.toThrow('no siteKey')
  await expect(ledger.askConsents({ subject: { type: 'email', id: 'kim@example.org' } })).rejects.toThrow('no token')
  expect(sent).toEqual([])
})

it('escapes what stands in paths and queries', async () => {
  const { ledger, sent } = scripted([{ status: 200, body: {} }])
  await ledger.getNotice('a/b?c', { locale: 'sv&key=' })
  expect(sent[0]?.url).toBe('https://consent.example.org/v1/notices/a%2Fb%3Fc?locale=sv%26key%3D')
})

it.each([undefined, ''])('a client without a url (%j) is refused with what to pass', (url) => {
  expect(() => openLedger({ url: url as string, controller: 'acme' })).toThrow('given no url: pass the address')
})
