/** Refusals by the ledger or a gateway in front: the page gets the reason, the refused yes permits nothing, and other events are kept. */
import { afterEach, expect, it, vi } from 'vitest'
import { type Consent, openConsent } from '../../../shared/client/client.ts'
import { clientOptions, ledgerDouble, memoryStorage } from '../../support/client-world.ts'

const open: Consent[] = []
function opened(...given: Parameters<typeof clientOptions>) {
  const { errors, ...options } = clientOptions(...given)
  const consent = openConsent(options)
  open.push(consent)
  return { consent, errors }
}
afterEach(() => {
  for (const consent of open.splice(0)) consent.close()
  vi.restoreAllMocks()
})

it('a refused yes permits nothing until the ledger takes it, and a refused no stands', async () => {
  const ledger = ledgerDouble()
  const storage = memoryStorage()
  const { consent } = opened(ledger, storage)
  const heard = vi.fn()
  consent.onChange(heard)
  ledger.fates = [403]
  const { receipt } = consent.record({ statistics: true, marketing: false })
  expect(consent.permits('statistics')).toBe(true)
  await receipt
  expect([consent.permits('statistics'), consent.permits('marketing')]).toEqual([undefined, false])
  expect(heard).toHaveBeenCalledTimes(2)
  const next = opened(ledger, storage).consent
  expect(next.permits('statistics')).toBeUndefined()
  await next.flush()
  expect([next.permits('statistics'), next.permits('marketing')]).toEqual([true, false])
})

const answering = (body: BodyInit, init: ResponseInit) => vi.fn<typeof fetch>(async () => new Response(body, init))

it.each<[string, BodyInit, number, string]>([
  ['the ledger', '{"code":"origin-not-allowed","detail":"so","given":"x"}', 403, 'origin-not-allowed'],
  ['a gateway', '{"message":"Forbidden"}', 403, '403'],
  ['a proxy', '<h1>Too large</h1>', 413, '413'],
  ['a wrong address', '', 404, '404'],
])(
  '%s refuses: decisions and questions report the code, and nothing is asked repeatedly',
  async (_, body, status, code) => {
    const fetch = answering(body, { status })
    const { consent, errors } = opened(ledgerDouble(), memoryStorage(), { fetch })
    const { eventId, receipt } = consent.record({ statistics: true })
    await receipt
    await consent.state()
    expect(errors).toMatchObject([{ code, eventId }, { code }])
    expect(consent.permits('statistics')).toBeUndefined()
    expect(fetch).toHaveBeenCalledTimes(2)
  },
)

it('a 2xx that is not the ledger’s is no answer', async () => {
  for (const body of ['null', '[]', '7', 'text']) {
    const { consent, errors } = opened(ledgerDouble(), memoryStorage(), { fetch: answering(body, { status: 200 }) })
    await consent.record({ statistics: true }).receipt
    expect([consent.pending(), await consent.notice('cookie-policy')]).toEqual([1, undefined])
    expect(errors.every(({ code }) => code === 'failed' || code === 'unreachable')).toBe(true)
    consent.close()
  }
})

it('without onError the console has one warning for each code', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const ledger = ledgerDouble()
  const { consent } = opened(ledger, memoryStorage(), { onError: undefined })
  for (const fate of [403, 403, 401] as const) {
    ledger.fates = [fate]
    await consent.record({ statistics: true }).receipt
  }
  expect(warn.mock.calls).toEqual([
    ['consent ledger: code-403', 'so it is', ''],
    ['consent ledger: code-401', 'so it is', ''],
  ])
})

it.each([400, 413, 415, 422])('%i for a call of several: only the faulty event is refused', async (status) => {
  const ledger = ledgerDouble()
  const storage = memoryStorage()
  const offline = opened(ledger, storage, { fetch: () => Promise.reject(new TypeError()) }).consent
  const ids = Array.from({ length: 60 }, (_, i) => offline.record({ [i === 30 ? 'faulty' : `p${i}`]: true }).eventId)
  offline.close()
  const fetch: typeof globalThis.fetch = async (url, init) =>
    String(init?.body).includes('faulty')
      ? Response.json({ code: 'malformed-json' }, { status })
      : ledger.fetch(url, init)
  const { consent, errors } = opened(ledger, storage, { fetch })
  await consent.flush()
  expect([...ledger.recorded.keys()]).toEqual(ids.filter((_, i) => i !== 30))
  expect(errors).toEqual([{ code: 'malformed-json', eventId: ids[30] }])
  expect(consent.pending()).toBe(1)
})

it.each([
  ['half a pair', 'a\ud83d', 'a\ufffd'],
  ['the other half', '\ude00b', '\ufffdb'],
  ['a whole pair', 'a😀b', 'a😀b'],
  ['NUL', 'a\0b', 'a\ufffdb'],
  ['what only looks like an escape', '\\ud83d \\\\u0000 \n"', '\\ud83d \\\\u0000 \n"'],
])('text with %s arrives as text', async (_what, text, arrived) => {
  const ledger = ledgerDouble()
  const { consent } = opened(ledger, memoryStorage())
  await consent.record({ [text]: true }, { signals: { tcString: text, categories: { [text]: true } } }).receipt
  expect(ledger.arrived[0]).toMatchObject({
    decisions: [{ purposeId: arrived }],
    signals: { tcString: arrived, categories: { [arrived]: true } },
  })
  expect(String(ledger.calls[0]?.init?.body).isWellFormed()).toBe(true)
})

it('ill-formed text in a name does not reach the page as an error', async () => {
  const { consent, errors } = opened(ledgerDouble(), memoryStorage())
  expect(await consent.notice('\ud83d')).toBeUndefined()
  expect(errors).toMatchObject([{ code: 'failed' }])
})

it('a body that is longer than what may outlive a page does not ask for that', async () => {
  const ledger = ledgerDouble()
  const { consent } = opened(ledger, memoryStorage())
  await consent.record({ statistics: true }).receipt
  await consent.record({ statistics: true }, { signals: { tcString: 'x'.repeat(70_000) } }).receipt
  expect(ledger.calls.map(({ init }) => init?.keepalive)).toEqual([true, false])
})

it('a decision dropped because too many wait is reported and permits nothing', () => {
  const { consent, errors } = opened(ledgerDouble(), memoryStorage(), { fetch: () => Promise.reject(new TypeError()) })
  const { eventId } = consent.record({ statistics: true })
  for (let i = 0; i < 100; i++) consent.record({ marketing: false })
  expect(errors).toEqual([{ code: 'dropped', eventId }])
  expect(consent.permits('statistics')).toBeUndefined()
})

it.each(['https://ledger.example/', 'https://ledger.example//'])(
  'a slash at the end of the address: %s',
  async (url) => {
    const ledger = ledgerDouble()
    const { consent } = opened(ledger, memoryStorage(), { url })
    await consent.record({ statistics: true }).receipt
    await consent.state()
    expect(ledger.calls.map((call) => new URL(call.url).pathname)).toEqual(['/v1/events', '/v1/me/consents'])
  },
)
