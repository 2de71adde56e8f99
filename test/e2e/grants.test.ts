/** Grants of auditors over HTTP: who makes them, what they let through, and that a refusal says nothing about a person. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { developmentIssuer } from '../../infra/local/development-issuer.ts'
import { bearerWithoutGrant, type EventBody, moved, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { snippetsOf } from '../support/readme-snippets.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const [known, other, unknown] = [aDeviceSecret(), aDeviceSecret(), aDeviceSecret()]

beforeAll(async () => {
  ledger.setClock(noon)
  const decisions = [
    { purposeId: 'statistics', verb: 'given' },
    { purposeId: 'marketing-cookies', verb: 'refused' },
  ]
  const initialState = { statistics: 'off', 'marketing-cookies': 'off' }
  const signals = {
    gpc: false,
    tcString: 'COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA',
    consentMode: { ad_storage: 'denied', analytics_storage: 'granted' },
    consentModePurposes: { ad_storage: ['marketing-cookies', 'statistics'], analytics_storage: ['statistics'] },
  }
  const more = { decisions, initialState, signals }
  for (const secret of [known, other])
    expect((await record(ledger, visitorEvent(ledger, secret, more))).status).toBe(201)
})

const tokenOf = (subject: string, scope = 'consent.audit', controller = 'ljungsten') =>
  bearerWithoutGrant(ledger, subject, scope, controller)

const draftFor = (subject: string, more: EventBody = {}): EventBody => ({
  grantId: randomUUID(),
  auditor: { subject },
  name: 'The county administrative board',
  subjects: 'all',
  from: '2026-01-01T00:00:00Z',
  until: '2027-01-01T00:00:00Z',
  ...more,
})

const grant = async (draft: EventBody, controller = 'ljungsten') =>
  ledger.post(`/v1/controllers/${controller}/grants`, draft, await tokenOf('editor', 'consent.admin', controller))

async function revoke(grantId: unknown) {
  const path = `/v1/controllers/ljungsten/grants/${grantId}/revocation`
  return ledger.send(path, { method: 'POST', headers: await tokenOf('editor', 'consent.admin') })
}

async function ask(auditor: string, question: string, body: EventBody): Promise<Reply> {
  return ledger.post(`/v1/audit/${question}`, { controller: 'ljungsten', ...body }, await tokenOf(auditor))
}

const about = (secret: string, more: EventBody = { purposeId: 'statistics' }) => ({
  subject: deviceIdentity(secret),
  ...more,
})

const result = ({ status, json }: Reply) => (status === 200 ? 200 : [status, json.code, json.missing].join(' '))

/** Each in the name of an auditor of its own. */
const attempts: readonly [string, EventBody | undefined, EventBody, number | string][] = [
  ['without a grant', undefined, about(known), '403 grant-needed grant'],
  ['under a grant for everything', {}, about(known), 200],
  ['under one for everything, about all', {}, about(known, {}), 200],
  ['under one to a program of that name', { auditor: { client: 'n' } }, about(known), '403 grant-needed grant'],
  [
    'under one of another issuer',
    { auditor: { issuer: 'urn:other', subject: 'n' } },
    about(known),
    '403 grant-needed grant',
  ],
  ['before it stands', { from: moved(noon, 3_600_000) }, about(known), '403 grant-needed time'],
  ['for its purpose', { purposes: ['statistics'] }, about(known), 200],
  ['for another purpose', { purposes: ['marketing-cookies'] }, about(known), '403 grant-needed purpose'],
  [
    'for a policy',
    { purposes: ['statistics'] },
    about(known, { policyId: 'cookie-policy' }),
    '403 grant-needed purpose',
  ],
  ['about its subject', { subjects: { named: [deviceIdentity(known)] } }, about(known), 200],
  ['about another', { subjects: { named: [deviceIdentity(known)] } }, about(other), '403 grant-needed subject'],
  [
    'about somebody unknown',
    { subjects: { named: [deviceIdentity(known)] } },
    about(unknown),
    '403 grant-needed subject',
  ],
  [
    'under one for a sample',
    { subjects: { sample: { size: 5, seed: 'ab'.repeat(16), count: 2 } } },
    about(known),
    '403 grant-needed subject',
  ],
]

describe.each(attempts)('%s', (title, draft, body, expected) => {
  const auditor = `auditor ${title}`
  beforeAll(async () => {
    if (draft === undefined) return
    const { status, json } = await grant(draftFor(auditor, { ...draft, ...named(draft, auditor) }))
    expect([status, json.stands]).toEqual([201, draft.from === undefined])
  })

  test.each('purposeId' in body || 'policyId' in body ? ['consents', 'timeline', 'proofs'] : ['consents'])(
    'a question for %s is answered so',
    async (question) => {
      const before = (await ledger.stored('entries')).length
      const reply = await ask(auditor, question, body)
      expect(result(reply)).toBe(expected)
      // A refused question is no read.
      if (expected !== 200) expect(await ledger.stored('entries')).toHaveLength(before)
    },
  )
})

/** The name of the test in place of `n`, because each has an auditor of its own. */
function named(draft: EventBody, auditor: string): EventBody {
  return draft.auditor === undefined
    ? {}
    : { auditor: JSON.parse(JSON.stringify(draft.auditor).replace('"n"', JSON.stringify(auditor))) }
}

test('a grant is listed with who made it, and without the people whom it names', async () => {
  const draft = draftFor('listed', {
    subjects: { named: [{ type: 'email', id: 'Kim@Example.org' }] },
    purposes: ['statistics'],
  })
  const { json } = await grant(draft)
  const expected = {
    grantId: draft.grantId,
    auditor: { issuer: developmentIssuer, subject: 'listed' },
    subjects: { named: 1 },
    purposes: ['statistics'],
    madeBy: { issuer: developmentIssuer, subject: 'editor' },
    stands: true,
  }
  expect(json).toMatchObject(expected)
  const list = await ledger.get('/v1/controllers/ljungsten/grants', await tokenOf('editor', 'consent.admin'))
  expect(list.json.grants).toContainEqual(json)
  const items = await ledger.stored('entries')
  expect(JSON.stringify(items.filter(({ pk }) => pk.endsWith('#grant')))).not.toMatch(/listed|example\.org/i)
})

test('a grant is made as the README has it', async () => {
  const [, body = ''] = (snippetsOf('functions/README.md').get('grant') ?? '').split(/(?<=grants\n)/)
  expect((await grant(JSON.parse(body))).status).toBe(201)
})

test('a grant names people by any spelling of them', async () => {
  await grant(draftFor('spelling', { subjects: { named: [{ type: 'email', id: 'Lo@Example.org' }] } }))
  const body = { subject: { type: 'email', id: ' lo@example.ORG' }, purposeId: 'statistics' }
  expect(result(await ask('spelling', 'consents', body))).toBe(200)
})

test('the same request is the same grant; other content under its id is refused', async () => {
  const draft = draftFor('twice')
  const first = await grant(draft)
  expect([first.status, (await grant(draft)).status]).toEqual([201, 200])
  const { status, json } = await grant({ ...draft, purposes: ['statistics'] })
  expect([status, json.code, json.field]).toEqual([409, 'already-exists', '/grantId'])
})

test('a revoked grant permits nothing from then on, and a second revocation changes nothing', async () => {
  const draft = draftFor('revoked')
  await grant(draft)
  expect(result(await ask('revoked', 'consents', about(known)))).toBe(200)
  const first = await revoke(draft.grantId)
  expect([first.status, first.json.stands, first.json.revokedBy.subject]).toEqual([201, false, 'editor'])
  expect(result(await ask('revoked', 'consents', about(known)))).toBe('403 grant-needed grant')
  const again = await revoke(draft.grantId)
  expect([again.status, again.json]).toEqual([200, first.json])
  expect((await revoke(randomUUID())).status).toBe(404)
})

test('a grant ends at its time', async () => {
  await grant(draftFor('late', { until: moved(noon, 60_000) }))
  expect(result(await ask('late', 'consents', about(known)))).toBe(200)
  ledger.setClock(moved(noon, 61_000))
  expect(result(await ask('late', 'consents', about(known)))).toBe('403 grant-needed time')
  ledger.setClock(noon)
})

test('a grant of one controller is none at another', async () => {
  await grant(draftFor('elsewhere'), 'tallmo')
  expect(result(await ask('elsewhere', 'consents', about(known)))).toBe('403 grant-needed grant')
})

test('a timeline shows the decisions on the purposes of the grant only', async () => {
  await grant(draftFor('narrow', { purposes: ['statistics'] }))
  const { json, text } = await ask('narrow', 'timeline', about(known))
  expect(json.events.map(({ decisions }: EventBody) => decisions)).toMatchObject([[{ purposeId: 'statistics' }]])
  // What else the event says about other purposes is left out too: their controls, and the strings of consent platforms.
  expect(json.events[0].how).toMatchObject({
    act: 'button',
    initialState: { statistics: 'off' },
    signals: {
      gpc: false,
      consentMode: { analytics_storage: 'granted' },
      consentModePurposes: { analytics_storage: ['statistics'] },
    },
  })
  expect(text).not.toMatch(/marketing-cookies|tcString|tcf|ad_storage/)
  await grant(draftFor('wide'))
  expect((await ask('wide', 'timeline', about(known))).text).toMatch(
    /marketing-cookies.*tcString|tcString.*marketing-cookies/,
  )
})

test('a refusal is the same for a known, an unknown and an erased subject: body, status, headers and work', async () => {
  const erased = aDeviceSecret()
  await record(ledger, visitorEvent(ledger, erased))
  const body = { controller: 'ljungsten', subject: deviceIdentity(erased), ground: 'order' }
  expect((await ledger.post('/v1/erasures', body, await tokenOf('clerk', 'consent.erase'))).status).toBe(200)
  await grant(draftFor('outsider', { subjects: { named: [deviceIdentity(aDeviceSecret())] } }))
  for (const auditor of ['stranger', 'outsider']) {
    const replies = await Promise.all([known, unknown, erased].map((secret) => ask(auditor, 'consents', about(secret))))
    const seen = replies.map(({ status, text, headers }) => [
      status,
      text.replace(/urn:request:[^"]+/, ''),
      [...headers.keys()],
    ])
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  }
})

test.each([
  ['an end that has passed', { until: '2026-11-22T11:59:59Z' }, 'invalid-request', '/until'],
  [
    'an end before its beginning',
    { from: '2026-12-02T00:00:00Z', until: '2026-12-01T00:00:00Z' },
    'invalid-request',
    '/until',
  ],
  ['a purpose that nobody declared', { purposes: ['statistics', 'nonsense'] }, 'unknown-purpose', '/purposes/1'],
  ['nobody', { subjects: { named: [] } }, 'invalid-request', undefined],
  ['no auditor', { auditor: { issuer: 'urn:x' } }, 'invalid-request', undefined],
])('%s is refused', async (_, more, code, field) => {
  const { status, json } = await grant(draftFor('nobody', more))
  expect([status, json.code]).toEqual([400, code])
  if (field !== undefined) expect(json.field).toBe(field)
})

test.each(['consent.audit', 'consent.erase', 'consent.write', ''])(
  'the scope "%s" makes, lists and revokes none',
  async (scope) => {
    const headers = await tokenOf('someone', scope)
    const path = '/v1/controllers/ljungsten/grants'
    const replies = [
      await ledger.post(path, draftFor('someone'), headers),
      await ledger.get(path, headers),
      await ledger.send(`${path}/${randomUUID()}/revocation`, { method: 'POST', headers }),
    ]
    expect(replies.map(({ status, json }) => `${status} ${json.code}`)).toEqual(Array(3).fill('403 forbidden'))
  },
)

test('c15t’s reads by account need a grant for all purposes', async () => {
  const key = siteKeyOf(ledger, 'ljungsten/web')
  const paths = [`/c15t/${key}/consents/check?externalId=a&type=cookie_banner`, `/c15t/${key}/subjects?externalId=a`]
  await grant(draftFor('backend', { purposes: ['statistics'] }))
  for (const path of paths) {
    const { status, json } = await ledger.get(path, await tokenOf('backend'))
    expect([status, json.code]).toEqual([403, 'GRANT_NEEDED'])
  }
  await grant(draftFor('backend'))
  for (const path of paths) expect((await ledger.get(path, await tokenOf('backend'))).status).toBe(200)
})
