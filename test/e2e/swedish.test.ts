/** What is for people is said in Swedish when it is asked for; codes are the same in every language. */
import { beforeEach, expect, test } from 'vitest'
import { audit, bearer, device, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeEach(() => ledger.setClock(noon))

const languages = [
  ['sv', true],
  ['sv-SE,sv;q=0.9,en;q=0.8', true],
  ['en-GB,sv;q=0.5', false],
  ['de', false],
] as const

test.each(languages)('sentences of a person’s own status, for %s', async (language, isSwedish) => {
  const secret = aDeviceSecret()
  await record(ledger, visitorEvent(ledger, secret))
  const { json, headers } = await ledger.get(`/v1/me/consents?key=${siteKeyOf(ledger, 'ljungsten/web')}`, {
    ...device(secret),
    'accept-language': language,
  })
  const { sentence, status, reason, knownThen } = json.consents.find(
    (c: { purposeId?: string }) => c.purposeId === 'statistics',
  )
  expect([status, reason, json.language, headers.get('content-language')]).toEqual([
    'Given',
    'decided',
    isSwedish ? 'sv' : undefined,
    isSwedish ? 'sv' : null,
  ])
  const meaning = isSwedish ? 'ett samtycke är antecknat och gäller' : 'a consent is recorded and stands'
  for (const said of [sentence, knownThen.sentence]) {
    expect(said).toContain(meaning)
    expect(said).not.toMatch(/as known at|man visste då/)
  }
})

test('an auditor’s answers too, and a proof stays as it is made', async () => {
  const subject = { type: 'email', id: 'nobody@example.org' }
  const token = bearer(await ledger.token('consent.audit', 'ljungsten', 'auditor'))
  const swedish = { ...token, 'accept-language': 'sv' }
  const body = { controller: 'ljungsten', subject, purposeId: 'newsletter' }
  const { json } = await ledger.post('/v1/audit/consents', body, swedish)
  expect(json.consents[0].sentence).toMatch(/: den antecknade statusen för newsletter är Unknown: inget beslut/)
  expect((await audit(ledger, 'consents', { subject, purposeId: 'newsletter' })).json.language).toBeUndefined()
  const proof = await ledger.post('/v1/audit/proofs', body, swedish)
  expect(proof.json.answer.sentence).toMatch(/^At .* is Unknown/)
})

test.each(languages)('titles of problem documents, for %s', async (language, isSwedish) => {
  const { json, headers } = await ledger.get('/v1/controllers/nobody/policies', { 'accept-language': language })
  expect([json.code, json.title, headers.get('content-language')]).toEqual([
    'not-found',
    isSwedish ? 'Här finns inget' : 'There is nothing here',
    isSwedish ? 'sv' : null,
  ])
})
