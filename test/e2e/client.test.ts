/** The browser SDK against the ledger itself, over HTTP; it runs in Node as it does in a browser. */
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { type Consent, openConsent, type Receipt } from '../../shared/client/client.ts'
import { isPromised } from '../../shared/client/promise.ts'
import { memoryStorage } from '../support/client-world.ts'
import { audit, dayMs, statusOfVisitor } from '../support/demo-calls.ts'
import { type RunningLedger, siteKeyOf, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let logKey: string
const open: Consent[] = []

beforeAll(async () => {
  ledger = await startLedger({ clockOnlyGoesOn: true })
  logKey = /^log (\S+)/m.exec((await ledger.get('/log/ljungsten/policy')).text)?.[1] ?? ''
})

afterAll(async () => {
  for (const consent of open) consent.close()
  await ledger.close()
})

function device(more: Partial<Parameters<typeof openConsent>[0]> = {}) {
  const storage = memoryStorage()
  const errors: unknown[] = []
  const key = siteKeyOf(ledger, 'ljungsten/web')
  const consent = openConsent({ url: ledger.url, key, locale: 'en', storage, onError: (e) => errors.push(e), ...more })
  open.push(consent)
  const secret = () => JSON.parse(storage.getItem(`consent-ledger:${key}:device`) ?? '""') as string
  return { consent, errors, secret }
}

const byButton = { surface: 'banner', act: 'button', control: 'save-choices', layer: 1 } as const

it.each([
  ['in 1970', -20_000],
  ['31 days behind', -31],
  ['a day ahead', 1],
])('a withdrawal after the clock was set right ends a yes made while it was %s', async (_what, days) => {
  let wrongByMs = days * dayMs
  let isOnline = false
  const { consent } = device({
    now: () => Date.now() + wrongByMs,
    fetch: (...call) => (isOnline ? fetch(...call) : Promise.reject(new TypeError('the certificate is not valid yet'))),
  })
  consent.record({ statistics: true }, byButton)
  wrongByMs = 0
  consent.withdraw(['statistics'], byButton)
  await consent.flush()
  isOnline = true
  await consent.flush()
  expect(consent.pending()).toBe(0)
  const answer = await consent.state()
  expect(answer?.consents.find(({ purposeId }) => purposeId === 'statistics')?.status).toBe('Withdrawn')
  expect(consent.permits('statistics')).toBe(false)
})

it('a decision goes from the notice to a proof that verifies', async () => {
  const { consent, errors, secret } = device()
  const notice = await consent.notice('cookie-policy')
  expect(notice && consent.undecided(notice)).toEqual(['remember-me', 'preferences', 'statistics', 'marketing-cookies'])
  const receipt = await consent.record({ statistics: true, 'marketing-cookies': false }, byButton).receipt
  expect(receipt).toMatchObject({
    times: { verdict: 'trusted' },
    link: [{ policyId: 'cookie-policy', shown: '2', grade: 'served' }],
    decisions: [{ effect: 'yes' }, { effect: 'no' }],
  })
  expect(notice && consent.undecided(notice)).toEqual(['remember-me', 'preferences'])
  expect((await consent.receipts())?.map((r) => r.receiptId)).toEqual([receipt?.receiptId])
  const question = { subject: deviceIdentity(secret()), purposeId: 'statistics' }
  expect((await audit(ledger, 'proofs', question)).json.answer.status).toBe('Given')

  await consent.withdraw(['statistics'], byButton).receipt
  expect(consent.permits('statistics')).toBe(false)
  expect((await statusOfVisitor(ledger, secret(), { purposeId: 'statistics' })).status).toBe('Withdrawn')
  await consent.state()
  expect([consent.permits('statistics'), consent.permits('marketing-cookies'), consent.permits('preferences')]).toEqual(
    [false, false, undefined],
  )
  expect(errors).toEqual([])
})

it.each([-dayMs, dayMs])(
  'a clock that is wrong by %i ms is corrected, and the order of what was decided is kept',
  async (wrongBy) => {
    const { consent, secret } = device({ now: () => Date.now() + wrongBy })
    await consent.notice('cookie-policy')
    const yes = await consent.record({ statistics: true }, byButton).receipt
    expect(yes?.times).toMatchObject({ verdict: 'corrected' })
    expect(Math.abs(Date.parse(yes?.times.effectiveAt ?? '') - Date.now())).toBeLessThan(5_000)
    await consent.record({ statistics: false }, byButton).receipt
    expect((await statusOfVisitor(ledger, secret(), { purposeId: 'statistics' })).status).toBe('Withdrawn')
  },
)

it('a yes from a clock that was a day ahead ends with a withdrawal that was recorded elsewhere', async () => {
  let aheadBy = dayMs
  const { consent, secret } = device({ now: () => Date.now() + aheadBy })
  await consent.record({ statistics: true }, byButton).receipt
  expect(consent.permits('statistics')).toBe(true)
  const elsewhere = memoryStorage()
  const key = siteKeyOf(ledger, 'ljungsten/web')
  elsewhere.setItem(`consent-ledger:${key}:device`, JSON.stringify(secret()))
  await device({ storage: elsewhere }).consent.withdraw(['statistics'], byButton).receipt
  aheadBy = 0
  await consent.state()
  expect(consent.permits('statistics')).toBe(false)
})

it('decided offline while the clock was a day ahead, and withdrawn when it was right: the withdrawal stands', async () => {
  let isOffline = true
  let aheadBy = dayMs
  const { consent, secret } = device({
    now: () => Date.now() + aheadBy,
    fetch: (input, init) => (isOffline ? Promise.reject(new TypeError('offline')) : fetch(input, init)),
  })
  await consent.record({ statistics: true }, byButton).receipt
  aheadBy = 0
  isOffline = false
  await consent.withdraw(['statistics'], byButton).receipt
  expect(consent.pending()).toBe(0)
  expect((await statusOfVisitor(ledger, secret(), { purposeId: 'statistics' })).status).toBe('Withdrawn')
  await consent.state()
  expect(consent.permits('statistics')).toBe(false)
})

it('a double opt-in waits: the yes permits nothing until the operator has confirmed it', async () => {
  const { consent } = device()
  const receipt = await consent.record({ newsletter: true }, { ...byButton, surface: 'form' }).receipt
  expect(receipt?.decisions[0]).toMatchObject({ reason: 'awaiting-confirmation' })
  expect(consent.permits('newsletter')).toBeUndefined()
})

it('the ledger derives from the signal the same refusals as the SDK', async () => {
  const { consent, secret } = device({ globalPrivacyControl: true })
  await consent.notice('cookie-policy')
  await consent.flush()
  const status = () => statusOfVisitor(ledger, secret(), { purposeId: 'statistics' })
  expect((await status()).status).toBe('Refused')
  await consent.record({ statistics: true }, { ...byButton, control: 'accept-all' }).receipt
  expect(consent.permits('statistics')).toBe(false)
  await consent.record({ statistics: true }, { ...byButton, act: 'toggle' }).receipt
  expect(consent.permits('statistics')).toBe(true)
  expect(await status()).toMatchObject({ status: 'Given', conflicts: ['gpc'] })
})

it('an undeclared purpose is refused and reported, and holds nothing else back', async () => {
  const { consent, errors } = device()
  consent.record({ astrology: true }, byButton)
  await consent.record({ statistics: false }, byButton).receipt
  expect(errors).toMatchObject([{ code: 'unknown-purpose', given: 'astrology' }])
  expect(consent.permits('astrology')).toBeUndefined()
  expect(consent.permits('statistics')).toBe(false)
  expect(consent.pending()).toBe(1)
})

describe('the receipt’s promise', () => {
  let receipt: Receipt

  beforeAll(async () => {
    const recorded = await device().consent.record({ statistics: true }, byButton).receipt
    if (recorded === undefined) throw new Error('no receipt')
    receipt = recorded
  })

  const flipped = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)

  it('verifies', async () => {
    expect(await isPromised(receipt, logKey)).toBe(true)
  })

  it.each<[string, (given: Receipt) => Receipt]>([
    ['another leaf', (r) => ({ ...r, leaf: r.leaf.replace('"v":1', '"v":2') })],
    [
      'another disclosure',
      (r) => ({ ...r, disclosures: [...r.disclosures.slice(1), flipped(r.disclosures[0] ?? '', 9)] }),
    ],
    ['another controller', (r) => ({ ...r, controller: 'tallmo' })],
    ['another signature', (r) => promised(r, flipped(r.inclusionPromise.jws, r.inclusionPromise.jws.length - 20))],
    [
      'other claims',
      (r) =>
        promised(
          r,
          r.inclusionPromise.jws.replace(/\.(.)/, (_, c) => `.${c === 'e' ? 'f' : 'e'}`),
        ),
    ],
    ['a certificate for a promise', (r) => promised(r, r.inclusionPromise.certificates[1])],
    ['the certificates in another order', (r) => certified(r, (a, b) => [b, a])],
    ['one certificate twice', (r) => certified(r, (a) => [a, a])],
    ['no certificates', (r) => ({ ...r, inclusionPromise: { ...r.inclusionPromise, certificates: [] as never } })],
    ['no promise', ({ inclusionPromise: _, ...r }) => r as never],
  ])('with %s does not verify', async (_what, tampered) => {
    expect(await isPromised(tampered(receipt), logKey)).toBe(false)
  })

  it('of another log does not verify', async () => {
    const other = /^log (\S+)/m.exec((await ledger.get('/log/tallmo/policy')).text)?.[1] ?? ''
    expect(await isPromised(receipt, other)).toBe(false)
    const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    const stranger = Buffer.concat([Buffer.of(1), Buffer.from(x, 'base64url')]).toString('base64')
    const [origin] = logKey.split('+', 1)
    expect(await isPromised(receipt, `${origin}+00000000+${stranger}`)).toBe(false)
  })

  it('cannot be checked where there is no WebCrypto', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues })
    expect(await isPromised(receipt, logKey)).toBeUndefined()
    vi.unstubAllGlobals()
  })

  it.each(['', 'no key', 'ledger.localhost/ljungsten+00000000+AAAA'])(
    'cannot be checked without a key: %j',
    async (key) => {
      expect(await isPromised(receipt, key)).toBeUndefined()
    },
  )
})

function promised(receipt: Receipt, jws: string): Receipt {
  return { ...receipt, inclusionPromise: { ...receipt.inclusionPromise, jws } }
}

function certified(receipt: Receipt, made: (a: string, b: string) => readonly [string, string]): Receipt {
  const { inclusionPromise } = receipt
  return { ...receipt, inclusionPromise: { ...inclusionPromise, certificates: made(...inclusionPromise.certificates) } }
}
