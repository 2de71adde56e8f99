/** Values that a policy or an event takes from a list are checked against it, and the refusal says what is allowed. */
import { beforeAll, expect, test } from 'vitest'
import { tallmo } from '../../infra/demo/world/tallmo/tallmo.ts'
import type { Purpose } from '../../shared/consent/purpose.ts'
import { administer, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

const [{ draft }] = tallmo.publications as [(typeof tallmo.publications)[number]]
const [newsletter] = draft.purposes as [Purpose]
const bureau = { party: 'Ny AB', type: 'partner', role: 'processor', reliesOnConsent: false }

async function refusalOf(fields: object) {
  const { policyId: _, ...version } = { ...draft, version: '2', purposes: [{ ...newsletter, ...fields }] }
  const reply = await administer(ledger, '/policies/privacy-policy/versions', version, 'tallmo')
  return {
    status: reply.status,
    code: reply.json.code,
    field: reply.json.field,
    allowed: JSON.stringify(reply.json.allowed),
  }
}

test.each([
  ['country WW', { recipients: [{ ...bureau, country: 'WW' }] }, '/purposes/0/recipients/0/country', 'ISO 3166-1'],
  ['country ZZ', { recipients: [{ ...bureau, country: 'ZZ' }] }, '/purposes/0/recipients/0/country', 'ISO 3166-1'],
  ['country EU', { recipients: [{ ...bureau, country: 'EU' }] }, '/purposes/0/recipients/0/country', 'ISO 3166-1'],
  [
    'a region among countries',
    { recipients: [{ ...bureau, country: 'EEA' }] },
    '/purposes/0/recipients/0/country',
    'ISO 3166-1',
  ],
  ['region EU', { recipients: [{ ...bureau, region: 'EU' }] }, '/purposes/0/recipients/0/region', 'worldwide'],
  ['neither country nor region', { recipients: [bureau] }, '/purposes/0/recipients/0', 'region'],
  ['both', { recipients: [{ ...bureau, country: 'SE', region: 'EEA' }] }, '/purposes/0/recipients/0', 'region'],
  ['storage in EU', { storageLocations: ['SE', 'EU'] }, '/purposes/0/storageLocations/1', 'EEA'],
  ['jurisdiction ZZ', { jurisdiction: 'ZZ' }, '/purposes/0/jurisdiction', 'EEA'],
  [
    'an unknown measure',
    { securityMeasures: [{ kind: 'magical', text: { en: 'x' } }] },
    '/purposes/0/securityMeasures/0/kind',
    'technical',
  ],
  [
    'an unknown exception',
    { retentionExceptions: [{ ground: 'whim', text: { en: 'x' } }] },
    '/purposes/0/retentionExceptions/0/ground',
    'dispute',
  ],
])('%s is refused with what is allowed', async (_, fields, field, allowed) => {
  expect(await refusalOf(fields)).toEqual({
    status: 400,
    code: 'invalid-request',
    field,
    allowed: expect.stringContaining(allowed),
  })
})

test.each([
  ['device', 'toaster', 'tablet'],
  ['onBehalfOf', 'landlord', 'third-party'],
])('%s of an event is one of a list', async (field, given, allowed) => {
  const { status, json } = await record(ledger, visitorEvent(ledger, aDeviceSecret(), { [field]: given }))
  expect([status, json.field, json.allowed]).toEqual([400, `/${field}`, expect.arrayContaining([allowed])])
})
