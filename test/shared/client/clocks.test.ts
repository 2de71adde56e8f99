/** A device whose clock is wrong, and is set in between: what the ledger says wins, and the order of decisions is kept. */
import { afterEach, expect, it } from 'vitest'
import { type Consent, openConsent } from '../../../shared/client/client.ts'
import { clientOptions, ledgerDouble, memoryStorage } from '../../support/client-world.ts'

const day = 86_400_000
const right = Date.parse('2026-11-28T10:00:00Z')
const open: Consent[] = []
afterEach(() => {
  for (const consent of open.splice(0)) consent.close()
})

/** `clock.ms` is what the device believes. */
function device(clock: { ms: number }, storage = memoryStorage()) {
  const ledger = ledgerDouble()
  const consent = openConsent(clientOptions(ledger, storage, { now: () => clock.ms }))
  open.push(consent)
  const says = (answer: object) => {
    ledger.answers['/v1/me/consents'] = {
      at: new Date(right).toISOString(),
      consents: [{ purposeId: 'statistics', ...answer }],
    }
    return consent.state()
  }
  return { ledger, consent, says }
}

it.each([day, -day])(
  'a yes from a clock that was wrong by %i ms ends with the withdrawal that the ledger has',
  async (ms) => {
    const clock = { ms: right + ms }
    const { consent, says } = device(clock)
    await consent.record({ statistics: true }).receipt
    clock.ms = right
    await says({ status: 'Withdrawn', permittedByConsent: false })
    expect(consent.permits('statistics')).toBe(false)
  },
)

it('what an earlier version of the client kept about a time in the future keeps no answer out', async () => {
  const storage = memoryStorage()
  const kept = JSON.stringify({ isYes: true, at: right + 365 * day })
  storage.setItem('consent-ledger:site_a_web_0:choice::statistics', kept)
  const { consent, says } = device({ ms: right }, storage)
  await says({ status: 'Withdrawn', permittedByConsent: false })
  expect(consent.permits('statistics')).toBe(false)
})

it.each([
  ['right', 0, 0],
  ['a year behind', -365 * day, 0],
  ['a year behind, then right', -365 * day, 365 * day],
  ['a day ahead, then right', day, -day],
])('a yes of two hours ends after two hours: the clock is %s', async (_what, wrongBy, isSetBy) => {
  const clock = { ms: right + wrongBy }
  const { consent, says } = device(clock)
  await says({ status: 'Given', permittedByConsent: true, endsAt: new Date(right + 7_200_000).toISOString() })
  const isAhead = wrongBy > 0
  expect(consent.permits('statistics')).toBe(isAhead ? undefined : true)
  clock.ms += isSetBy + 7_200_001
  expect(consent.permits('statistics')).toBeUndefined()
})

it.each([true, false])(
  'decided offline, %s first, and the clock set back a day in between: the order stays',
  async (first) => {
    const clock = { ms: right + day }
    const storage = memoryStorage()
    const { ledger, consent } = device(clock, storage)
    ledger.fates = ['down', 'down', 'down']
    await consent.record({ statistics: first }).receipt
    clock.ms = right
    consent.close()
    const { ledger: later, consent: next } = device(clock, storage)
    await next.record({ statistics: !first }).receipt
    const verbs = later.arrived.map(({ decisions }) => decisions[0]?.verb)
    expect(verbs).toEqual(first ? ['given', 'refused'] : ['refused', 'given'])
    const [one, other] = later.arrived.map(({ occurredAt }) => occurredAt)
    expect(one && other && one < other).toBe(true)
  },
)

it('a clock that was set back is believed again by what is decided after all was sent', async () => {
  const clock = { ms: right + day }
  const { ledger, consent } = device(clock)
  await consent.record({ statistics: true }).receipt
  clock.ms = right
  await consent.record({ statistics: false }).receipt
  expect(ledger.arrived[1]?.occurredAt).toBe(new Date(right).toISOString())
})
