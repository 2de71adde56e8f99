/** Posts of a c15t client in their recorded order and repeated, its `identify` calls, and the documents of its controller. */
import { beforeEach, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { aSubjectId, C15tClient } from '../support/c15t-calls.ts'
import { audit, bearer, device, hourMs, minuteMs, moved, noon, statusOfVisitor } from '../support/demo-calls.ts'
import { siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
let client: C15tClient
beforeEach(() => {
  ledger.setClock(noon)
  client = new C15tClient(ledger)
})

const statusOf = (purposeId: string, subjectId = client.subjectId) => statusOfVisitor(ledger, subjectId, { purposeId })

describe('recording', () => {
  test('a visit as it was recorded: accept, take back, refuse, each again', async () => {
    const { policySnapshotToken } = (await client.call('GET', '/init')).json
    const accept = client.submission(
      { functionality: false, measurement: true, experience: false, marketing: true },
      { consentAction: 'all', policySnapshotToken },
    )
    const first = await client.post(accept)
    expect(first.json).toMatchObject({
      subjectId: client.subjectId,
      consentId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      type: 'cookie_banner',
      uiSource: 'banner',
      appliedPreferences: {
        necessary: true,
        measurement: true,
        marketing: true,
        functionality: false,
        experience: false,
      },
    })
    expect((await client.post(accept)).json).toEqual(first.json)
    expect(await statusOf('statistics')).toMatchObject({ status: 'Given', shown: '2', grade: 'served-unbound' })

    ledger.setClock(moved(noon, minuteMs))
    const change = client.submission({ measurement: true, marketing: false, functionality: false })
    await client.post({ ...change, consentAction: undefined, uiSource: 'dialog', policySnapshotToken })
    expect((await statusOf('marketing-cookies')).status).toBe('Withdrawn')

    ledger.setClock(moved(noon, 2 * minuteMs))
    const reject = client.submission({ measurement: false, marketing: false, functionality: false })
    await client.post({ ...reject, consentAction: 'necessary', policySnapshotToken })
    expect((await statusOf('statistics')).status).toBe('Withdrawn')
    const { consents } = (await client.call('GET', `/subjects/${client.subjectId}`)).json
    expect(consents.map((c: { preferences: unknown }) => c.preferences)).toEqual([
      { necessary: true, functionality: false, measurement: false, marketing: false },
      { necessary: true, functionality: false, measurement: true, marketing: false },
      { necessary: true, functionality: false, measurement: true, marketing: true, experience: false },
    ])
  })

  test('the person has receipts, with the subjectId as the device’s secret', async () => {
    const { consentId } = (await client.decide({ measurement: true })).json
    const path = `/v1/me/receipts?key=${siteKeyOf(ledger, 'ljungsten/web')}&receiptId=${consentId}`
    const { receipts } = (await ledger.get(path, device(client.subjectId))).json
    expect(receipts[0]).toMatchObject({ receiptId: consentId, decisions: [{ purposeId: 'statistics', verb: 'given' }] })
  })

  test('the browser’s signal against tracking outweighs accepting everything, and the answer says so', async () => {
    const all = client.submission({ measurement: true, functionality: true }, { consentAction: 'all' })
    const { json } = await client.post(all, { 'sec-gpc': '1' })
    expect(json.appliedPreferences).toEqual({ necessary: true, measurement: false, functionality: true })
    expect((await statusOf('statistics')).status).toBe('Refused')
    const chosen = client.submission({ measurement: true })
    expect((await client.post(chosen, { 'sec-gpc': '1' })).json.appliedPreferences.measurement).toBe(true)
    expect(await statusOf('statistics')).toMatchObject({ status: 'Given', conflicts: ['gpc'] })
  })

  test('documents: by hash, by name, and one that nobody declared', async () => {
    const terms = (await ledger.get('/v1/controllers/ljungsten/policies/general-terms')).json
    const document = (type: string, more: object) =>
      client.decide({}, { type, preferences: undefined, consentAction: undefined, ...more })
    const policyHash = `sha256:${terms.texts[0].sha256}`
    expect((await document('terms_and_conditions', { policyHash })).status).toBe(200)
    expect((await document('privacy_policy_web', { policyHash: 'sha256:abc' })).status).toBe(200)
    expect((await document('age_verification', { metadata: { over: 18 } })).status).toBe(200)
    const { consents } = (await client.call('GET', `/subjects/${client.subjectId}`)).json
    expect(consents.map((c: { type: string }) => c.type).sort()).toEqual([
      'cookie_banner',
      'privacy_policy',
      'terms_and_conditions',
    ])
    const accepted = { subject: deviceIdentity(client.subjectId), policyId: 'general-terms' }
    expect((await audit(ledger, 'consents', accepted)).json.consents[0]).toMatchObject({
      status: 'Accepted',
      current: true,
      grade: 'hashed',
    })
  })

  test('two first posts at once, and twenty identical ones, are one event', async () => {
    const body = client.submission({ measurement: true })
    const replies = await Promise.all(Array.from({ length: 20 }, () => client.post(body)))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(replies.map(({ json }) => json.consentId)).size).toBe(1)
  })

  test('a repetition gets the first answer, also late and after a later no', async () => {
    const accept = client.submission({ measurement: true })
    const first = await client.post(accept)
    ledger.setClock(moved(noon, hourMs))
    await client.decide({ measurement: false })
    expect((await client.post(accept)).json).toEqual(first.json)
    expect((await statusOf('statistics')).status).toBe('Withdrawn')
  })
})

describe('identify', () => {
  const identify = (externalId: string, headers = {}) =>
    client.call('PATCH', `/subjects/${client.subjectId}`, { externalId, identityProvider: 'idp' }, headers)

  test('is answered 2xx, so that the client does not repeat it for ever, and links whom it proves', async () => {
    await client.decide({ marketing: true })
    const token = await ledger.token('', 'ljungsten', 'acct-7')
    for (const headers of [{}, bearer(token), bearer('no.token.atall'), { authorization: 'Basic eA==' }]) {
      const { status, json } = await identify('acct-8', headers)
      expect([status, json.success, json.subject]).toEqual([200, false, { id: client.subjectId }])
    }
    for (let times = 0; times < 2; times++)
      expect((await identify('acct-7', bearer(token))).json).toMatchObject({
        success: true,
        subject: { externalId: 'acct-7' },
      })
    const site = siteKeyOf(ledger, 'ljungsten/web')
    const { joint } = (await ledger.get(`/v1/me/consents?key=${site}`, bearer(token))).json
    expect(joint.links).toHaveLength(1)
    const theirs = { subject: { type: 'account', id: 'acct-7' }, purposeId: 'marketing-cookies' }
    expect((await audit(ledger, 'timeline', theirs)).json.events).toEqual([])
  })

  test('with the account’s token decisions are the account’s too, and a check returns the current consents', async () => {
    const token = await ledger.token('', 'ljungsten', 'acct-9')
    const mine = { externalSubjectId: 'acct-9', identityProvider: 'idp' }
    await client.post(
      client.submission({ measurement: true, marketing: false, functionality: false }, mine),
      bearer(token),
    )
    const auditor = bearer(await ledger.token('consent.audit'))
    const check = (type: string) =>
      client.call('GET', `/consents/check?externalId=acct-9&type=${type}`, undefined, auditor)
    expect((await check('cookie_banner,privacy_policy')).json.results).toEqual({
      cookie_banner: {
        hasConsent: false,
        isLatestPolicy: false,
        preferences: { functionality: false, measurement: true, marketing: false },
      },
      privacy_policy: { hasConsent: false, isLatestPolicy: false },
    })
    const { subjects } = (await client.call('GET', '/subjects?externalId=acct-9', undefined, auditor)).json
    expect(subjects).toMatchObject([{ externalId: 'acct-9', consents: [{ preferences: { marketing: false } }] }])
  })
})

describe('releases of documents', () => {
  const put = async (type: string, body: unknown, scope = 'consent.admin') =>
    client.call('PUT', `/legal-documents/${type}/current`, body, bearer(await ledger.token(scope)))

  test('a published one is answered with its state: current, or not yet', async () => {
    const versions = (await ledger.get('/v1/controllers/ljungsten/policies/privacy-policy/versions')).json.versions
    for (const [name, isActive] of [
      ['2', true],
      ['3', false],
    ] as const) {
      const version = versions.find((v: { version: string }) => v.version === name)
      const hash = version.texts[0].sha256
      const { status, json } = await put('privacy_policy', { version: name, hash, effectiveDate: noon })
      expect([status, json.policy]).toEqual([
        200,
        {
          id: `privacy-policy@${name}`,
          type: 'privacy_policy',
          version: name,
          hash,
          effectiveDate: version.notBefore,
          isActive,
        },
      ])
    }
  })

  test('one that is not published is refused with the path to publish it, and changes nothing', async () => {
    const unpublished = { version: '9', hash: `sha256:${'0'.repeat(64)}`, effectiveDate: noon }
    const { status, json } = await put('terms_and_conditions', unpublished)
    expect([status, json.code]).toEqual([409, 'LEGAL_DOCUMENT_RELEASE_CONFLICT'])
    expect(json.message).toContain('/v1/controllers/ljungsten/policies/general-terms/versions')
    expect((await put('terms_and_conditions', unpublished, 'consent.audit')).status).toBe(403)
  })
})

test('a subject without records is not found', async () => {
  const { status, json } = await client.call('GET', `/subjects/${aSubjectId()}`)
  expect([status, json.code]).toEqual([404, 'SUBJECT_NOT_FOUND'])
})
