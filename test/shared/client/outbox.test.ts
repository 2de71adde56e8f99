/** Nothing is lost and nothing invented, whatever becomes of calls, pages and tabs. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Consent, openConsent } from '../../../shared/client/client.ts'
import { clientOptions, type Fate, ledgerDouble, memoryStorage } from '../../support/client-world.ts'

const yes = { statistics: true }
const no = { statistics: false }

describe('a receipt', () => {
  it('is among the newest twenty, or is not found', async () => {
    const ledger = ledgerDouble()
    const consent = openConsent(clientOptions(ledger, memoryStorage()))
    const recordings = Array.from({ length: 21 }, () => consent.record(yes))
    await consent.flush()
    expect(ledger.recorded.size).toBe(21)
    const receipts = await Promise.all([recordings[0]?.receipt, recordings[1]?.receipt])
    expect(receipts.map((receipt) => receipt?.eventId)).toEqual([undefined, recordings[1]?.eventId])
    consent.close()
  })

  it('is fetched when the page reads it, and not before', async () => {
    const ledger = ledgerDouble()
    const options = clientOptions(ledger, memoryStorage())
    const consent = openConsent(options)
    const recording = consent.record(yes)
    await consent.flush()
    expect(ledger.calls.map(({ url }) => new URL(url).searchParams.get('return'))).toEqual(['minimal'])
    expect([consent.pending(), consent.permits('statistics'), ledger.receiptCalls.length]).toEqual([0, true, 0])
    expect(await recording.receipt).toMatchObject({ eventId: recording.eventId, decisions: [{ verb: 'given' }] })
    expect(ledger.receiptCalls).toHaveLength(1)
    expect(options.errors).toEqual([])
    consent.close()
  })

  it('of a decision that waits is not asked for', async () => {
    const ledger = ledgerDouble()
    const consent = openConsent(clientOptions(ledger, memoryStorage()))
    ledger.fates = [400, 400]
    expect(await consent.record(no).receipt).toBeUndefined()
    expect(ledger.receiptCalls).toEqual([])
    consent.close()
  })

  it('comes with the answer of a ledger that gives no short ones', async () => {
    const ledger = ledgerDouble()
    const options = clientOptions(ledger, memoryStorage())
    const fetch: typeof globalThis.fetch = (url, init) => ledger.fetch(String(url).replace('&return=minimal', ''), init)
    const consent = openConsent({ ...options, fetch })
    consent.record(yes)
    await consent.flush()
    expect([consent.pending(), consent.permits('statistics'), options.errors]).toEqual([0, true, []])
    consent.close()
  })
})

describe('an attempt that fails', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each<[Fate, string]>([
    ['down', 'no network'],
    ['lost', 'the answer is lost'],
    ['html', 'a portal answers'],
    [500, 'the ledger failed'],
    [503, 'the ledger is not available'],
    [429, 'the gateway throttles'],
  ])('%s (%s) is made again, as the same event', async (fate) => {
    const ledger = ledgerDouble()
    const options = clientOptions(ledger, memoryStorage())
    const consent = openConsent(options)
    ledger.fates = [fate]
    const { eventId, receipt } = consent.record(yes)
    expect(await receipt).toBeUndefined()
    expect(consent.pending()).toBe(1)
    expect(consent.permits('statistics')).toBe(true)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(consent.pending()).toBe(0)
    expect([...ledger.recorded.keys()]).toEqual([eventId])
    expect(ledger.calls).toHaveLength(2)
    expect(options.errors).toEqual([])
    consent.close()
  })

  it('says anew when it was sent, and never when it occurred', async () => {
    const ledger = ledgerDouble()
    const consent = openConsent(clientOptions(ledger, memoryStorage()))
    ledger.fates = ['lost']
    await consent.record(yes).receipt
    await vi.advanceTimersByTimeAsync(2_000)
    const [first, second] = ledger.arrived
    expect(second?.occurredAt).toBe(first?.occurredAt)
    expect(Date.parse(second?.sentAt ?? '') - Date.parse(first?.sentAt ?? '')).toBeGreaterThanOrEqual(500)
    consent.close()
  })

  it('waits twice as long each time, with jitter, for five minutes at most', async () => {
    const ledger = ledgerDouble()
    const consent = openConsent(clientOptions(ledger, memoryStorage()))
    ledger.fates = Array(40).fill('down')
    consent.record(yes)
    const waits: number[] = []
    let last = Date.now()
    for (let calls = 1; waits.length < 14; ) {
      await vi.advanceTimersByTimeAsync(100)
      if (ledger.calls.length === calls) continue
      calls = ledger.calls.length
      waits.push(Date.now() - last)
      last = Date.now()
    }
    waits.slice(0, 8).forEach((wait, i) => {
      expect(wait).toBeGreaterThanOrEqual(500 * 2 ** i)
      expect(wait).toBeLessThanOrEqual(1_000 * 2 ** i + 200)
    })
    expect(Math.max(...waits)).toBeLessThanOrEqual(300_200)
    expect(waits.at(-1)).toBeGreaterThan(290_000)
    consent.close()
  })

  it('waits as long as the ledger says', async () => {
    const ledger = ledgerDouble()
    const consent = openConsent(clientOptions(ledger, memoryStorage()))
    ledger.fates = [503]
    await consent.record(yes).receipt
    await vi.advanceTimersByTimeAsync(6_900)
    expect(ledger.calls).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(ledger.calls).toHaveLength(2)
    expect(consent.pending()).toBe(0)
    consent.close()
  })

  it('that hangs is given up after half a minute', async () => {
    const ledger = ledgerDouble()
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    const consent = openConsent(clientOptions(ledger, memoryStorage(), { fetch: hanging }))
    const { receipt } = consent.record(yes)
    await vi.advanceTimersByTimeAsync(30_100)
    expect(await receipt).toBeUndefined()
    expect(consent.pending()).toBe(1)
    consent.close()
  })
})

describe('a refusal for good', () => {
  it.each<Fate>([400, 401, 403])('%s is reported, not repeated, and tried again by the next page', async (fate) => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    const options = clientOptions(ledger, storage)
    const consent = openConsent(options)
    ledger.fates = [fate]
    const { eventId, receipt } = consent.record(no)
    expect(await receipt).toBeUndefined()
    await consent.flush()
    expect(ledger.calls).toHaveLength(1)
    expect(options.errors).toEqual([{ code: `code-${fate}`, detail: 'so it is', eventId }])
    consent.close()
    const next = openConsent(clientOptions(ledger, storage))
    await next.flush()
    expect([...ledger.recorded.keys()]).toEqual([eventId])
    expect(next.pending()).toBe(0)
    next.close()
  })

  it('of one event keeps no other back', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    const offline = openConsent(clientOptions(ledger, storage))
    ledger.fates = ['down', 'down', 'down']
    const first = offline.record(yes).eventId
    const second = offline.record(no).eventId
    offline.close()
    ledger.recorded.set(first, {
      ...JSON.parse(storage.getItem(`consent-ledger:site_a_web_0:event:${first}`) ?? ''),
      page: 'other',
    })
    ledger.fates = []
    const options = clientOptions(ledger, storage)
    const consent = openConsent(options)
    await consent.flush()
    expect(options.errors).toEqual([{ code: 'event-conflict', eventId: first }])
    expect([...ledger.recorded.keys()]).toEqual([first, second])
    consent.close()
  })
})

describe('what waits', () => {
  it('goes in calls of 25 at most, oldest first, and of few bytes', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    const offline = openConsent(clientOptions(ledger, storage, { fetch: () => Promise.reject(new TypeError()) }))
    const ids = Array.from({ length: 60 }, (_, i) => offline.record({ [`purpose-${i}`]: true }).eventId)
    const long = { signals: { tcString: 'x'.repeat(8_000), gppString: 'y'.repeat(8_000) } }
    const longIds = Array.from({ length: 3 }, () => offline.record(no, long).eventId)
    await offline.flush()
    offline.close()
    const consent = openConsent(clientOptions(ledger, storage))
    await consent.flush()
    expect([...ledger.recorded.keys()]).toEqual([...ids, ...longIds])
    const bodies = ledger.calls.map(({ init }) => String(init?.body))
    expect(bodies.length).toBe(5)
    expect(Math.max(...bodies.map((body) => Buffer.byteLength(body)))).toBeLessThan(60_000)
    expect(Math.max(...bodies.map((body) => JSON.parse(body).events.length))).toBe(25)
    consent.close()
  })

  it('is at most a hundred events: an old yes goes before any no', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    const consent = openConsent(clientOptions(ledger, storage, { fetch: () => Promise.reject(new TypeError()) }))
    const firstNo = consent.record(no).eventId
    const firstYes = consent.record(yes).eventId
    const later = Array.from({ length: 98 }, () => consent.record(no).eventId)
    const last = consent.record(no).eventId
    const left = storage.keys?.().filter((key) => key.includes(':event:')) ?? []
    expect(left.map((key) => key.slice(-36)).sort()).toEqual([firstNo, ...later, last].sort())
    expect(left.join()).not.toContain(firstYes)
    const afterThat = consent.record(no).eventId
    expect(consent.pending()).toBe(100)
    expect(storage.kept.has(`consent-ledger:site_a_web_0:event:${firstNo}`)).toBe(false)
    expect(storage.kept.has(`consent-ledger:site_a_web_0:event:${afterThat}`)).toBe(true)
    consent.close()
  })

  it('is the page’s that put it, while that one lives, and everybody’s who opens later', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    const [one, other] = [openConsent(clientOptions(ledger, storage)), openConsent(clientOptions(ledger, storage))]
    await other.flush()
    ledger.fates = ['down']
    await one.record(yes).receipt
    one.close()
    await other.flush()
    expect(ledger.calls).toHaveLength(1)
    const next = openConsent(clientOptions(ledger, storage))
    await next.flush()
    expect(ledger.recorded.size).toBe(1)
    other.close()
    next.close()
  })

  it('survives what cannot be read', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    storage.setItem('consent-ledger:site_a_web_0:event:broken', '{"eventId":')
    storage.setItem('consent-ledger:site_a_web_0:choice::statistics', '…')
    const consent = openConsent(clientOptions(ledger, storage))
    expect(consent.permits('statistics')).toBeUndefined()
    await consent.record(yes).receipt
    expect(ledger.recorded.size).toBe(1)
    consent.close()
  })
})

describe('a storage that fails', () => {
  it.each([
    [
      'is full',
      {
        setItem: () => {
          throw new Error('QuotaExceededError')
        },
      },
    ],
    [
      'is blocked',
      {
        getItem: () => {
          throw new Error('SecurityError')
        },
        setItem: () => {
          throw new Error('SecurityError')
        },
        removeItem: () => {
          throw new Error('SecurityError')
        },
        keys: () => {
          throw new Error('SecurityError')
        },
      },
    ],
  ])('%s: the page still records, as one subject', async (_what, broken) => {
    const ledger = ledgerDouble()
    const options = clientOptions(ledger, { ...memoryStorage(), ...broken })
    const consent = openConsent(options)
    ledger.fates = ['lost']
    const first = consent.record(yes)
    await first.receipt
    await consent.record(no).receipt
    expect(consent.permits('statistics')).toBe(false)
    expect(ledger.recorded.size).toBe(2)
    expect(new Set(ledger.arrived.map(({ subject }) => subject.deviceSecret)).size).toBe(1)
    expect(consent.pending()).toBe(0)
    expect(options.errors).toEqual([])
    consent.close()
  })
})

/** What people, pages and the network do, in any order. */
type Step =
  | { tab: number; does: 'decide'; value: boolean }
  | { tab: number; does: 'die' | 'flush' }
  | { does: 'fate'; fate: Fate }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ tab: fc.nat(1), does: fc.constant('decide' as const), value: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ tab: fc.nat(1), does: fc.constantFrom('die' as const, 'flush' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('fate' as const),
      fate: fc.constantFrom<Fate>('ok', 'down', 'lost', 'html', 500, 503, 429, 401),
    }),
  },
)

it.each([
  ['that take turns', () => {}],
  // As on an origin without TLS.
  ['without Web Locks', () => vi.stubGlobal('navigator', {})],
])(
  'tabs %s: in any order of decisions, failures and deaths each decision is recorded once, as it was made',
  async (_what, prepare) => {
    prepare()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const ledger = ledgerDouble()
        const storage = memoryStorage()
        const open = () => openConsent(clientOptions(ledger, storage))
        const tabs: Consent[] = [open(), open()]
        const decided = new Map<string, string>()
        for (const one of steps) {
          if (one.does === 'fate') ledger.fates.push(one.fate)
          else if (one.does === 'decide') {
            const { eventId } = (tabs[one.tab] ?? open()).record({ statistics: one.value })
            decided.set(eventId, one.value ? 'given' : 'refused')
          } else if (one.does === 'die') {
            tabs[one.tab]?.close()
            tabs[one.tab] = open()
          } else await tabs[one.tab]?.flush()
        }
        for (const tab of tabs) {
          await tab.flush()
          tab.close()
        }
        ledger.fates = []
        const next = open()
        await next.flush()
        expect(next.pending()).toBe(0)
        next.close()
        const recorded = [...ledger.recorded].map(([id, event]) => [id, event.decisions[0]?.verb] as const)
        expect(new Map(recorded)).toEqual(decided)
      }),
      { numRuns: 150 },
    )
    vi.unstubAllGlobals()
  },
)
