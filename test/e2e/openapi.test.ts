/** The served OpenAPI document: whole, consistent with the routes, and true: its examples are sent, its schemas hold. */
import { Webhook } from 'standardwebhooks'
import { beforeAll, describe, expect, test } from 'vitest'
import { routes } from '../../functions/served-routes.ts'
import { world } from '../../infra/demo/world/world.ts'
import { messageTypes } from '../../shared/consent/message-types.ts'
import { deliveryId } from '../../shared/ledger/fan-out/delivery-id.ts'
import { outcomeItem } from '../../shared/ledger/fan-out/delivery-state.ts'
import { answered } from '../support/answer-schemas.ts'
import { aSubjectId, C15tClient } from '../support/c15t-calls.ts'
import { administer, bearer, decisionEvent, device, noon, notice, record } from '../support/demo-calls.ts'
import { lettersIn } from '../support/mailbox.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

// biome-ignore lint/suspicious/noExplicitAny: the test walks the document as any reader of JSON would
type Json = any

const ledger = sharedLedger()
let document: Json
beforeAll(async () => {
  ledger.setClock(noon)
  document = (await ledger.get('/openapi.json')).json
})

/** Every object in the document with the JSON pointer to it. */
function* objectsIn(value: Json, at = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return
  yield [at, value]
  for (const [name, member] of Object.entries(value)) {
    yield* objectsIn(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
}

const operations = (): [string, string, Json][] =>
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]): [string, string, Json] => [method, path, operation]),
  )

describe('the document', () => {
  test('has every route once, and no other', () => {
    const described = operations().map(([method, path, { operationId }]) => `${operationId} ${method} ${path}`)
    expect(described.sort()).toEqual(
      routes.map((r) => `${r.id} ${r.method.toLowerCase()} ${r.path.replace('+}', '}')}`).sort(),
    )
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: expect.any(String), version: expect.any(String) },
    })
  })

  test('resolves every reference, and has no schema that nothing refers to', () => {
    const objects = [...objectsIn(document)]
    const pointers = new Set(objects.map(([pointer]) => pointer))
    const references = new Set(objects.flatMap(([, { $ref }]) => (typeof $ref === 'string' ? [$ref] : [])))
    expect([...references].filter((reference) => !pointers.has(reference))).toEqual([])
    const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect(named.filter((name) => !references.has(name))).toEqual([])
  })

  test('declares for each operation its parameters, credentials, bodies, answers and refusals', () => {
    const schemes = Object.keys(document.components.securitySchemes)
    for (const [method, path, operation] of operations()) {
      const where = `${method} ${path}`
      const parameters: Json[] = operation.parameters ?? []
      const inPath = parameters.filter((p) => p.in === 'path')
      expect(inPath.map((p) => p.name).sort(), where).toEqual(
        Array.from(path.matchAll(/\{(\w+)\}/g), ([, n]) => n).sort(),
      )
      expect(
        inPath.every((p) => p.required === true && p.schema),
        where,
      ).toBe(true)
      const named = operation.security.flatMap((s: Json) => Object.keys(s))
      expect(
        named.filter((name: string) => !schemes.includes(name)),
        where,
      ).toEqual([])
      const { maxBodyBytes } = routes.find((route) => route.id === operation.operationId) ?? {}
      // The path says all that there is to say of a revocation or cancellation, but for the person, who may be in no path.
      const { operationId } = operation
      const isSaid = /^(revoke|cancel)/.test(operationId) && operationId !== 'revokeMandate'
      const hasBody = method !== 'get' && !isSaid
      expect([operation.requestBody !== undefined, maxBodyBytes !== 0], where).toEqual([hasBody, hasBody])
      if (operation.requestBody) expect(operation.requestBody.description).toBe(`At most ${maxBodyBytes} bytes.`)
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        where,
      ).toBe(true)
      const refusals = path.startsWith('/c15t/') ? 'application/json' : 'application/problem+json'
      for (const status of ['4XX', '5XX']) expect(operation.responses[status].content, where).toHaveProperty([refusals])
      expect(operation.summary.length, where).toBeGreaterThan(5)
      for (const tag of operation.tags)
        expect(
          document.tags.map(({ name }: Json) => name),
          where,
        ).toContain(tag)
    }
  })

  test('declares when to ask again for a proof that names pending entries', () => {
    const [, , operation] = [...operations()].find(([, , { operationId }]) => operationId === 'askProof') ?? []
    expect(operation.responses['200'].headers).toEqual({
      'retry-after': { schema: expect.objectContaining({ type: 'string' }), description: expect.any(String) },
    })
  })

  test('is JSON Schema 2020-12: no keyword of OpenAPI 3.0', () => {
    const old = [...objectsIn(document)].filter(([, o]) => 'nullable' in o || typeof o.exclusiveMinimum === 'boolean')
    expect(old.map(([pointer]) => pointer)).toEqual([])
    const noSchema = [...objectsIn(document)].filter(([, o]) => 'type' in o && Array.isArray(o.items))
    expect(noSchema.map(([pointer]) => pointer)).toEqual([])
  })

  test('describes each message that endpoints get: its headers, its body, and what the answer of a receiver does', () => {
    expect(Object.keys(document.webhooks).sort()).toEqual([...messageTypes, 'endpoint.ping'].sort())
    for (const [type, { post }] of Object.entries<Json>(document.webhooks)) {
      expect(post.parameters.map((each: Json) => [each.in, each.name, each.required])).toEqual(
        ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ['header', name, true]),
      )
      const { schema } = post.requestBody.content['application/json']
      expect(schema.properties.type.const).toBe(type)
      expect(schema.properties.data.$ref).toMatch(/MessageData$/)
      expect(Object.keys(post.responses).sort()).toEqual(['2XX', '3XX', '410', '429', 'default'])
      expect(post.responses['429'].headers).toHaveProperty('retry-after')
      expect(post.summary.length).toBeGreaterThan(5)
    }
  })

  test('asks for a site key in the path or in the query, never in both', () => {
    const twice = operations().filter(
      ([, path, { security }]) => path.includes('{siteKey}') && security.some((each: Json) => 'siteKey' in each),
    )
    expect(twice.map(([method, path]) => `${method} ${path}`)).toEqual([])
  })
})

/** Names of the schemas that are a request's whole body, in JSON. */
function bodiesOf(operation: Json): string[] {
  const schema = operation.requestBody?.content['application/json']?.schema ?? {}
  return [schema, ...(schema.anyOf ?? [])].flatMap(({ $ref }: Json) => ($ref ? [$ref.split('/').at(-1)] : []))
}

const exampleOf = (name: string): Json => {
  const { example, examples } = document.components.schemas[name]
  return example ?? examples?.[0]
}

const anImport = {
  importId: '5d2e9c34-7a61-4f0e-9b8e-0d3c5a1b7f22',
  ...{ system: 'didomi', site: 'web', format: 'didomi', files: [{ name: 'events.json', bytes: 2 }] },
}

test('every example is one that the API takes', async () => {
  const tokenFor: Record<string, string> = {
    audit: 'consent.audit',
    check: 'consent.check',
    administration: 'consent.admin',
    erasure: 'consent.erase',
    hold: 'consent.hold',
    mandate: 'consent.mandate',
    import: 'consent.import',
    export: 'consent.export consent.export.clear',
  }
  const linkMaker = bearer(await ledger.token('consent.write'))
  const account = bearer(await ledger.token('', 'ljungsten', 'acct-linking'))
  const used = new Set<string>()
  const site = siteKeyOf(ledger, 'ljungsten/web')
  const parameters = {
    controller: 'ljungsten',
    endpoint: 'crm',
    policyId: 'general-terms',
    importId: anImport.importId,
    site: 'ios-app',
    siteKey: site,
    subjectId: aSubjectId(),
  }
  for (const [method, path, operation] of operations()) {
    const access = routes.find((r) => r.id === operation.operationId)?.access ?? 'public'
    const scope = tokenFor[access]
    const credentials: Record<string, { authorization: string }> = { mintUnsubscribeLink: linkMaker, linkOwn: account }
    const person = credentials[operation.operationId] ?? device(aDeviceSecret())
    const headers = scope === undefined ? person : bearer(await ledger.token(scope))
    const target = Object.entries(parameters).reduce((so, [name, value]) => so.replace(`{${name}}`, value), path)
    for (const name of bodiesOf(operation).filter((n) => exampleOf(n) !== undefined)) {
      const reply = await ledger.send(`${target}?key=${site}`, {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(exampleOf(name)),
      })
      expect([200, 201, 202], `${name}: ${reply.text}`).toContain(reply.status)
      used.add(name)
    }
  }
  const { subject } = exampleOf('TopicQuestion')
  expect(subject).toEqual(exampleOf('Identifier'))
  used.add('Identifier')
  const title = exampleOf('Localised')
  const draft = { ...minimalDraft(), title }
  expect((await administer(ledger, '/policies/house-rules/versions', draft)).status).toBe(201)
  used.add('Localised')
  const withExample = [...objectsIn(document)]
    .filter(([, o]) => 'example' in o || 'examples' in o)
    .map(([pointer]) => pointer)
  expect(withExample.sort()).toEqual([...used].map((name) => `#/components/schemas/${name}`).sort())
})

test('every route answers as described', async () => {
  const policy = '/v1/controllers/ljungsten/policies'
  const key = siteKeyOf(ledger, 'ljungsten/web')
  const { sha256 } = (await ledger.get(`${policy}/cookie-policy/versions/2`)).json.texts[0]
  const me = device(aDeviceSecret())
  const ledgerAdmin = bearer(await ledger.token('ledger.admin', 'ledger'))
  const identityProvider = ledger.local.issuer.provider('consent-ledger/grytan')
  const drafts = { ...world.tallmo.controller, controller: 'grytan', identityProvider }
  const presentation = {
    presentationId: 'p',
    wording: { en: 'May we?' },
    controls: [],
    refusal: { label: { en: 'No' }, layer: 1 },
  }
  const auditor = bearer(await ledger.token('consent.audit'))
  const eraser = bearer(await ledger.token('consent.erase'))
  const counter = bearer(await ledger.token('consent.statistics'))
  const machine = bearer(await ledger.token('consent.check'))
  const counsel = bearer(await ledger.token('consent.hold'))
  const importer = bearer(await ledger.token('consent.import'))
  const exporter = bearer(await ledger.token('consent.export'))
  const anExport = { ...exampleOf('ExportDraft'), exportId: crypto.randomUUID(), identifiers: 'none' }
  delete anExport.version
  anExport.purposeId = 'statistics'
  const registrar = bearer(await ledger.token('consent.mandate'))
  const aHold = { holdId: crypto.randomUUID(), covers: { purposeId: 'statistics' } }
  const named = { auditor: { subject: 'somebody' }, name: 'Somebody', subjects: 'all', until: '2090-01-01T00:00:00Z' }
  const grant = { grantId: crypto.randomUUID(), ...named }
  const receiver = { ...exampleOf('EndpointDraft'), endpoint: 'mail' }
  const administrator = bearer(await ledger.token('consent.admin'))
  const client = new C15tClient(ledger)
  const { json: terms } = await ledger.get(`${policy}/general-terms`)
  const release = { version: terms.version, hash: terms.texts[0].sha256, effectiveDate: terms.effectiveFrom }
  const { checkpoints } = (await ledger.get('/log/ljungsten/checkpoints')).json
  const published = checkpoints.map(({ size }: { size: number }) => size).find((size: number) => size > 0)
  const question = { controller: 'ljungsten', subject: { type: 'email', id: 'kim@example.org' } }
  const aMandate = { ...exampleOf('MandateDraft'), mandateId: crypto.randomUUID() }
  const writer = bearer(await ledger.token('consent.write'))
  const linkRequest = { subject: { identifier: question.subject }, purposes: ['newsletter'] }
  const link = await ledger.post(`/v1/unsubscribe-links?key=${key}`, linkRequest, writer)
  const unsubscribeLink = new URL(link.json.url).pathname
  const subjects = [question.subject, { type: 'customer', id: 'kim' }]
  const requestId = crypto.randomUUID()
  const pair = { controller: 'ljungsten', subjects, ground: 'one contract', requestId }
  const { linkId } = (await ledger.post('/v1/links', pair, writer)).json
  const shown = [{ policyId: 'privacy-policy', version: '2' }]
  const account = bearer(await ledger.token('', 'ljungsten', 'acct-linked'))
  const linkOwn = { deviceSecret: aDeviceSecret(), requestId, shown }
  const own = (await ledger.post(`/v1/me/link?key=${key}`, linkOwn, account)).json
  const asksToConfirm = {
    subject: { identifier: { type: 'email', id: 'sam@example.org' } },
    decisions: [{ purposeId: 'newsletter', verb: 'given' }],
    shown: [{ policyId: 'privacy-policy', version: '2' }],
  }
  /** A leaf of an event, of which the endpoint `mail` was sent a message. */
  const sentEvent = async () => {
    const rows = (await ledger.stored('log')).filter(
      ({ pk, sk }) => pk.startsWith('ljungsten#') && sk.startsWith('event#'),
    )
    const place = { controller: 'ljungsten', endpoint: 'mail', leaf: Number(rows[0]?.values.index), part: 0 }
    const outcome = { outcome: 'delivered', redelivery: 0, attempts: 1, at: ledger.now() } as const
    await ledger.local.ledger.entries.insert([outcomeItem('ljungsten', 'mail', { ...place, ...outcome })])
    return place
  }
  const confirmationLink = async () => new URL((await lettersIn(ledger.dataFolder))[0]?.url ?? '').pathname
  await ledger.post('/v1/controllers/ljungsten/imports', anImport, importer)
  const calls: (() => Promise<Reply>)[] = [
    () => ledger.post(`/v1/me/link?key=${key}`, linkOwn, account),
    () => ledger.get(`/v1/me/consents?key=${key}`, { ...account, 'x-device-secret': linkOwn.deviceSecret }),
    () => ledger.post('/v1/audit/consents', question, auditor),
    () => ledger.post(`/v1/me/unlink?key=${key}`, { linkId: own.linkId, requestId }, account),
    () => ledger.post('/v1/links', pair, writer),
    () => ledger.post('/v1/unlinks', { ...pair, subjects: undefined, subject: question.subject, linkId }, writer),
    () => record(ledger, { ...decisionEvent(ledger), subject: { deviceSecret: aDeviceSecret() } }),
    () => record(ledger, { events: [{ ...decisionEvent(ledger), subject: { deviceSecret: aDeviceSecret() } }] }),
    () => ledger.post(`/v1/me/events?key=${key}`, decisionEvent(ledger), me),
    () => notice(ledger, 'cookie-policy'),
    () => ledger.get(`/v1/me/consents?key=${key}`, me),
    () => ledger.get(`/v1/me/receipts?key=${key}`, me),
    () => ledger.get(policy),
    () => ledger.get(`${policy}/cookie-policy`),
    () => ledger.get(`${policy}/cookie-policy/versions`),
    () => ledger.get(`${policy}/cookie-policy/diff?from=1&to=2`),
    () => ledger.get(`/v1/texts/${sha256}`),
    () => ledger.get('/'),
    () => ledger.get('/reference'),
    () => ledger.get('/reference/licences.txt'),
    () => ledger.get('/openapi.json'),
    () => ledger.get('/healthz'),
    () => ledger.get('/console'),
    () => ledger.get('/console/banner.js'),
    () => ledger.get(`/console/preferences?key=${ledger.key('ljungsten/web')}`),
    () => ledger.get('/favicon.ico'),
    () => ledger.get('/log/ljungsten/checkpoint'),
    () => ledger.get('/log/ljungsten/checkpoints'),
    () => ledger.get('/log/ljungsten/policy'),
    () => ledger.get(`/log/ljungsten/tile/0/000.p/${published}`),
    () => ledger.post('/v1/audit/consents', question, auditor),
    () => ledger.post('/v1/audit/timeline', { ...question, purposeId: 'newsletter' }, auditor),
    () => ledger.post('/v1/audit/proofs', { ...question, policyId: 'general-terms' }, auditor),
    () =>
      ledger.post(
        '/v1/audit/samples',
        { controller: 'ljungsten', size: published, seed: '00'.repeat(16), count: 1 },
        auditor,
      ),
    () => ledger.post('/v1/checks', { controller: 'ljungsten', purposeId: 'newsletter', subjects }, machine),
    () => ledger.get('/v1/controllers/ljungsten/statistics', counter),
    () => ledger.post('/v1/controllers', drafts, ledgerAdmin),
    () => administer(ledger, '/sites', { site: 'web', kind: 'web', name: 'Web', origins: [] }, 'grytan'),
    () => administer(ledger, '/sites/web/origins', { change: 1, origins: ['capacitor://localhost'] }, 'grytan'),
    () => ledger.get('/v1/controllers/ljungsten/sites', administrator),
    () => administer(ledger, '/policies/rules/versions', minimalDraft(), 'grytan'),
    () => administer(ledger, '/policies/rules/presentations', presentation, 'grytan'),
    () => administer(ledger, '/policies/privacy-policy/retractions', { version: '3', reason: 'a mistake' }),
    async () => {
      const headers = bearer(await ledger.token('consent.admin', 'grytan'))
      return ledger.send('/v1/controllers/grytan/sites/web/revocation', { method: 'POST', headers })
    },
    ...['', `/${anImport.importId}`].map(
      (one) => () => ledger.get(`/v1/controllers/ljungsten/imports${one}`, importer),
    ),
    () => ledger.post('/v1/controllers/ljungsten/imports', anImport, importer),
    () => ledger.post('/v1/controllers/ljungsten/exports', anExport, exporter),
    ...['', `/${anExport.exportId}`].map(
      (one) => () => ledger.get(`/v1/controllers/ljungsten/exports${one}`, exporter),
    ),
    () => ledger.post(`/v1/controllers/ljungsten/exports/${anExport.exportId}/cancellation`, undefined, exporter),
    async () => {
      const { json } = await ledger.post('/v1/controllers/ljungsten/imports', anImport, importer)
      await fetch(json.files[0].upload.url, { method: 'PUT', body: '[]' })
      return ledger.post(`/v1/controllers/ljungsten/imports/${anImport.importId}/start`, {}, importer)
    },
    async () => {
      const importId = crypto.randomUUID()
      await ledger.post('/v1/controllers/ljungsten/imports', { ...anImport, importId }, importer)
      return ledger.post(`/v1/controllers/ljungsten/imports/${importId}/cancellation`, undefined, importer)
    },
    () => administer(ledger, '/grants', grant),
    () => ledger.get('/v1/controllers/ljungsten/grants', administrator),
    () => ledger.get('/v1/controllers/ljungsten/reads', administrator),
    () => ledger.get(`/v1/me/reads?key=${key}`, me),
    () => ledger.get(`/v1/me/history?key=${key}`, me),
    () => ledger.get(`/v1/me/download?key=${key}`, me),
    () => ledger.get(`/v1/me/erasure-requests?key=${key}`, me),
    () => ledger.post(`/v1/me/erasure-requests?key=${key}`, {}, me),
    async () => {
      const { requests } = (await ledger.get('/v1/controllers/ljungsten/erasure-requests', eraser)).json
      const { requestId } = requests[0]
      return ledger.post('/v1/erasure-decisions', { controller: 'ljungsten', requestId, decision: 'granted' }, eraser)
    },
    async () => {
      const path = `/v1/controllers/ljungsten/grants/${grant.grantId}/revocation`
      return ledger.send(path, { method: 'POST', headers: administrator })
    },
    () => ledger.post('/v1/controllers/grytan/identity-provider', { change: 1, identityProvider: null }, ledgerAdmin),
    () =>
      ledger.post(
        '/v1/controllers/grytan/keys',
        { change: 1, keys: ['notice'], stolen: false, ground: 'yearly' },
        ledgerAdmin,
      ),
    () => ledger.post('/v1/erasures', { ...question, ground: 'order' }, eraser),
    () => ledger.post('/v1/holds', { ...aHold, controller: 'ljungsten', ground: 'order' }, counsel),
    () => ledger.post(`/v1/holds/${aHold.holdId}/release`, { controller: 'ljungsten' }, counsel),
    () => ledger.get('/v1/controllers/ljungsten/holds', counsel),
    () => ledger.post('/v1/mandates', aMandate, registrar),
    () => {
      const { controller, subject, mandateId } = aMandate
      return ledger.post(`/v1/mandates/${mandateId}/revocation`, { controller, subject }, registrar)
    },
    () => ledger.get('/v1/controllers/ljungsten/dispositions', administrator),
    () => administer(ledger, '/endpoints', receiver),
    () => ledger.get('/v1/controllers/ljungsten/endpoints', administrator),
    () => administer(ledger, '/endpoints/mail/changes', { ...receiver, endpoint: undefined, change: 2 }),
    () => administer(ledger, '/endpoints/mail/secrets', { change: 3 }),
    () => administer(ledger, '/endpoints/mail/redeliveries', { redelivery: 1, test: true }),
    () => ledger.get('/v1/controllers/ljungsten/endpoints/mail/deliveries', administrator),
    async () => ledger.get(`/v1/deliveries/${deliveryId(await sentEvent())}`, auditor),
    async () => {
      const place = await sentEvent()
      const at = new Date(ledger.now())
      const { json } = await administer(ledger, '/endpoints/mail/secrets', { change: 4 })
      const headers = {
        ...{ 'content-type': 'application/json', 'webhook-id': deliveryId(place) },
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(json.secret).sign(deliveryId(place), at, '{}'),
      }
      return ledger.send(`/v1/deliveries/${deliveryId(place)}/completion`, { method: 'POST', headers, body: '{}' })
    },
    () => ledger.post(`/v1/unsubscribe-links?key=${key}`, linkRequest, writer),
    () => ledger.get(unsubscribeLink),
    () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return ledger.send(unsubscribeLink, { method: 'POST', headers, body: 'List-Unsubscribe=One-Click' })
    },
    () => ledger.post(`/v1/confirmations?key=${key}`, { ...decisionEvent(ledger), ...asksToConfirm }, writer),
    async () => ledger.get(await confirmationLink()),
    ...[
      '',
      '/cookie-policy',
      '/cookie-policy/versions/1',
      '/cookie-policy/diff?from=1&to=2',
      '/cookie-policy/feed.atom',
    ].map((path) => () => ledger.get(`/policies/ljungsten${path}`)),
    async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return ledger.send(await confirmationLink(), { method: 'POST', headers, body: 'confirm=yes' })
    },
    () => client.call('GET', '/init'),
    () => client.call('GET', '/status'),
    () => client.decide({ measurement: true }),
    () => client.call('GET', `/subjects/${client.subjectId}`),
    () => client.call('PATCH', `/subjects/${client.subjectId}`, { externalId: 'acct-1' }),
    () => client.call('GET', '/subjects?externalId=acct-1', undefined, auditor),
    () => client.call('GET', '/consents/check?externalId=acct-1&type=cookie_banner', undefined, auditor),
    () => client.call('PUT', '/legal-documents/terms_and_conditions/current', release, administrator),
  ]
  for (const call of calls) {
    const { status, text } = await call()
    expect([200, 201, 202], text).toContain(status)
  }
  const unanswered = routes.filter((r) => ![200, 201, 202].some((status) => answered.has(`${r.id} ${status}`)))
  expect(unanswered.map((r) => r.id)).toEqual([])
})

function minimalDraft() {
  const { policyId: _, effectiveFrom: __, ...draft } = world.tallmo.publications[0]?.draft ?? { policyId: '' }
  return { ...draft, version: '1', purposes: [] }
}
