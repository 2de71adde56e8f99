/** A debt collector's whole privacy policy, published, served, decided on and proven through the front door. */
import { beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { audit, bearer, visitorEvent } from '../support/demo-calls.ts'
import { klarsund, klarsundPolicy, klarsundSite } from '../support/klarsund.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
let key: string
beforeAll(async () => {
  const draft = { ...klarsund, identityProvider: ledger.local.issuer.provider('consent-ledger/klarsund') }
  const admin = bearer(await ledger.token('ledger.admin', 'ledger'))
  expect((await ledger.post('/v1/controllers', draft, admin)).status).toBe(201)
  const site = await ledger.post('/v1/controllers/klarsund/sites', klarsundSite, await editor())
  key = site.json.key
})

const editor = async () => bearer(await ledger.token('consent.admin', 'klarsund'))
const versions = '/v1/controllers/klarsund/policies/privacy-policy/versions'

test('it is published whole, with a warning for the sentence that takes use for consent', async () => {
  const { status, json } = await ledger.post(versions, klarsundPolicy, await editor())
  const { warnings, ...record } = json
  expect([status, record.purposes]).toEqual([201, JSON.parse(JSON.stringify(klarsundPolicy.purposes))])
  expect(warnings).toEqual([
    {
      code: 'continued-use',
      locale: 'sv-SE',
      quote: 'Genom att använda webbplatsen samtycker du till våra cookies',
      detail: expect.stringContaining('no consent'),
    },
  ])
  const again = await ledger.post(versions, klarsundPolicy, { ...(await editor()), 'accept-language': 'sv' })
  expect([again.status, again.json.warnings[0].detail]).toEqual([200, expect.stringContaining('inget samtycke')])
  expect((await ledger.get(`${versions}/1`)).json).toEqual(record)
})

test('a decision on it, made on a tablet for a creditor, gets a receipt and a proof that verifies', async () => {
  const secret = aDeviceSecret()
  const event = visitorEvent(ledger, secret, {
    decisions: [{ purposeId: 'cookies', verb: 'given' }],
    shown: [{ policyId: 'privacy-policy', version: '1' }],
    device: 'tablet',
    onBehalfOf: 'creditor',
  })
  const { status, json } = await ledger.post(`/v1/events?key=${key}`, event)
  expect(status).toBe(201)
  const [processing] = json.record.piiProcessing
  expect(processing.purposes[0].recipientThirdParties).toContainEqual({
    partyId: 'Tjänsteleverantörer',
    partyRole: 'processor',
    region: 'worldwide',
    transfer: 'standard contractual clauses',
    reliesOnConsent: false,
  })
  await ledger.local.runner.settle()
  const question = { subject: deviceIdentity(secret), purposeId: 'cookies' }
  const proof = await audit(ledger, 'proofs', question, 'klarsund')
  expect([proof.status, proof.json.answer.status]).toEqual([200, 'Given'])
  expect(proof.text).toContain('"retentionExceptions"')
})
