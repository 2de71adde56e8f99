/**
 * Strings of consent frameworks, over HTTP: kept as they were sent, and beside them what the ledger found in them. Whatever that is,
 * the event is recorded, a yes is as strong as without, and a proof of it verifies.
 */
import { describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { parsePolicy } from '../../shared/tlog/tlog-policy.ts'
import { verifyProof } from '../../shared/verify/verify.ts'
import { audit, claimsIn, type EventBody, lasting, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { cmp, tcString } from '../support/tc-strings.ts'

const madeAt = '2026-11-22T00:00:00.000Z'
const purposesConsent = [1, 3, 4]
const strings = {
  valid: tcString({ madeAt, purposesConsent, vendorsConsent: [2, 10], disclosed: [2, 10, 755] }),
  missing: tcString({ madeAt, vendorsConsent: [2] }),
  undisclosed: tcString({ madeAt, vendorsConsent: [2, 3], disclosed: [2] }),
}

const ledger = sharedLedger({ clockOnlyGoesOn: true })

/** What the receipt of such an event opens of how it came about. */
async function howOf(signals: EventBody): Promise<EventBody> {
  const reply = await record(ledger, visitorEvent(ledger, aDeviceSecret(), { signals }))
  expect(reply.status, reply.text).toBe(201)
  expect(reply.json.decisions[0].effect).toBe('yes')
  return claimsIn(reply.json.disclosures).get('field:how')
}

describe('next to a TC string the receipt has', () => {
  it('its decoded content', async () => {
    const { signals, tcf } = await howOf({ tcString: strings.valid })
    expect(signals).toEqual({ tcString: strings.valid })
    expect(tcf).toEqual({
      verdict: 'valid',
      ...cmp,
      created: madeAt,
      lastUpdated: madeAt,
      purposesConsent,
      purposesLegitimateInterest: [],
      vendorsConsent: 2,
      vendorsLegitimateInterest: 0,
      disclosedVendors: 3,
      undisclosedVendors: 0,
    })
  })

  it.each([
    ['disclosed-vendors-missing', strings.missing],
    ['vendors-undisclosed', strings.undisclosed],
    ['unsupported-version', 'BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA'],
    ['malformed', 'C'.repeat(8192)],
    ['malformed', ''],
    ['malformed', `${strings.valid} `],
  ])('%s, and no refusal', async (verdict, text) => {
    const { signals, tcf } = await howOf({ tcString: text })
    expect(signals).toEqual({ tcString: text })
    expect(tcf).toMatchObject({ verdict })
  })

  it('nothing, when there is none', async () => {
    expect(Object.keys(await howOf({ gpc: false }))).not.toContain('tcf')
  })
})

it('a GPP string is kept, with its sections by number', async () => {
  expect((await howOf({ gppString: 'DBABLA~BVQqAAAAAgA.QA' })).gpp).toEqual({ verdict: 'plausible', sections: [7] })
  expect((await howOf({ gppString: 'anything' })).gpp).toEqual({ verdict: 'malformed' })
})

it('the same event again is the first answer again, and the timeline and a proof show what was found', async () => {
  const secret = aDeviceSecret()
  const subject = deviceIdentity(secret)
  const event = visitorEvent(ledger, secret, { signals: { tcString: strings.undisclosed, gppString: 'x' } })
  const [first, again] = [await record(ledger, event), await record(ledger, event)]
  expect([first.status, again.status]).toEqual([201, 200])
  expect(lasting(again.json)).toEqual(lasting(first.json))

  const timeline = await audit(ledger, 'timeline', { subject, purposeId: 'statistics' })
  const found = { tcf: { verdict: 'vendors-undisclosed', undisclosedVendors: 1 }, gpp: { verdict: 'malformed' } }
  expect(timeline.json.events[0].how).toMatchObject(found)
  expect(timeline.json.changes.at(-1).status).toBe('Given')

  const { text } = await audit(ledger, 'proofs', { subject, purposeId: 'statistics' })
  const policy = parsePolicy((await ledger.get('/log/ljungsten/policy')).text)
  const verified = await verifyProof(text, policy)
  expect(verified.verdict).toBe('valid')
})
