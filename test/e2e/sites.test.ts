/** A controller's sites, as their administrator sees them and changes their origins; each change is a record, a leaf and an act. */
import { describe, expect, test } from 'vitest'
import { digestOf, siteRevocationLeaf } from '../../shared/consent/published-leaf.ts'
import { administer, bearer, decisionEvent, device, type EventBody, visitorEvent } from '../support/demo-calls.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { isEvent } from '../support/stored-items.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

const sitesPath = '/v1/controllers/ljungsten/sites'
const admin = async () => bearer(await ledger.token('consent.admin', 'ljungsten', 'editor'))
const listed = async () => (await ledger.get(sitesPath, await admin())).json.sites
const siteOf = async (name: string) => (await listed()).find(({ site }: { site: string }) => site === name)
const change = (site: string, number: number, origins: string[]) =>
  administer(ledger, `/sites/${site}/origins`, { change: number, origins })
const postFrom = (key: string, origin: string) =>
  ledger.post(`/v1/events?key=${key}`, visitorEvent(ledger, 's'.repeat(32)), { origin })
const make = async (site: string, origins: string[]) =>
  (await administer(ledger, '/sites', { site, kind: 'web', name: site, origins })).json.key as string

test('are listed for their administrator and nobody else, with their current origins', async () => {
  const all = await listed()
  expect(all.map(({ site }: { site: string }) => site)).toEqual(
    [...ledger.sites.keys()]
      .filter((name) => name.startsWith('ljungsten/'))
      .map((name) => name.slice(10))
      .sort(),
  )
  expect(all).toContainEqual(expect.objectContaining({ key: ledger.key('ljungsten/web'), change: 0 }))
  for (const [scope, controller, status] of [
    ['consent.audit', 'ljungsten', 403],
    ['consent.admin', 'tallmo', 401],
  ] as const)
    expect((await ledger.get(sitesPath, bearer(await ledger.token(scope, controller)))).status).toBe(status)
  expect((await ledger.get(sitesPath)).status).toBe(401)
})

describe('the origins of a site', () => {
  test('change by a record, and from then on decide who may call', async () => {
    const key = await make('moving', ['https://old.example'])
    expect((await postFrom(key, 'https://new.example')).status).toBe(403)
    const changed = await change('moving', 1, ['HTTPS://New.Example/', 'capacitor://localhost'])
    const origins = ['https://new.example', 'capacitor://localhost']
    expect(changed).toMatchObject({ status: 201, json: { site: 'moving', change: 1, origins } })
    for (const origin of origins) {
      const reply = await postFrom(key, origin)
      expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([201, origin])
    }
    expect((await postFrom(key, 'https://old.example')).status).toBe(403)
    expect(await siteOf('moving')).toMatchObject({ key, origins, change: 1, changedAt: changed.json.changedAt })
    expect((await change('moving', 2, [])).status).toBe(201)
    expect(await siteOf('moving')).toMatchObject({ origins: [], change: 2 })
  })

  test('leave the first record as it was, and each change is logged with the one who made it', async () => {
    const before = await ledger.stored('entries')
    await make('logged', ['https://one.example'])
    const made = (await ledger.stored('entries')).find(({ sk }) => sk === 'site#logged')
    const draft = { site: 'logged', change: 1, origins: ['https://two.example'] }
    await change('logged', 1, draft.origins)
    const entries = await ledger.stored('entries')
    expect(entries.find(({ sk }) => sk === 'site#logged')).toEqual(made)
    const record = entries.find(({ sk }) => sk === 'origins#logged#1')
    expect(record?.values.draft).toBe(digestOf(draft))
    expect(JSON.parse(String(record?.values.leaf))).toMatchObject({
      kind: 'site-origins',
      site: 'logged',
      change: 1,
      v: 1,
    })
    const acts = (all: typeof entries) => all.filter(({ pk }) => pk.includes('#act#')).length
    expect(acts(entries) - acts(before)).toBe(2)
  })

  test('are the same when a change is sent twice, and a change out of turn is refused', async () => {
    await make('twice', [])
    const first = await change('twice', 1, ['https://one.example'])
    expect(await change('twice', 1, ['https://one.example/'])).toMatchObject({ status: 200, json: first.json })
    expect(await change('twice', 1, ['https://two.example'])).toMatchObject({
      status: 409,
      json: { code: 'already-exists', field: '/change', given: 1, allowed: 2 },
    })
    expect(await change('twice', 3, [])).toMatchObject({
      status: 400,
      json: { field: '/change', given: 3, allowed: 2 },
    })
    expect(await change('nowhere', 1, [])).toMatchObject({ status: 404, json: { code: 'not-found' } })
  })

  test('have no wildcard, and the refusal gives the reason', async () => {
    for (const reply of [
      await change('twice', 2, ['https://*.example.org']),
      await administer(ledger, '/sites', { site: 'wild', kind: 'web', name: 'w', origins: ['https://*.example.org'] }),
    ]) {
      expect(reply).toMatchObject({ status: 400, json: { field: '/origins/0', given: 'https://*.example.org' } })
      expect(reply.json.detail).toContain('no wildcard')
    }
  })

  test('of two changes at once one is refused', async () => {
    await make('race', [])
    const replies = await Promise.all(['a', 'b'].map((name) => change('race', 1, [`https://${name}.example`])))
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409])
    const won = replies.find(({ status }) => status === 201)
    expect(await siteOf('race')).toMatchObject({ change: 1, origins: won?.json.origins })
  })

  test('stay as they were when a change cannot be read', async () => {
    const key = await make('damaged', ['https://one.example'])
    await ledger.damage('entries', { pk: 'ljungsten#controller', sk: 'origins#damaged#1', values: { record: '{' } })
    expect((await postFrom(key, 'https://one.example')).status).toBe(201)
  })
})

describe('a revoked site', () => {
  const revoke = async (site: string) =>
    ledger.send(`${sitesPath}/${site}/revocation`, { method: 'POST', headers: await admin() })
  const secret = 'r'.repeat(32)
  const routes: readonly [string, (key: string) => Promise<{ status: number; json: EventBody }>][] = [
    ['POST /v1/events', (key) => ledger.post(`/v1/events?key=${key}`, visitorEvent(ledger, secret))],
    ['POST /v1/me/events', (key) => ledger.post(`/v1/me/events?key=${key}`, decisionEvent(ledger), device(secret))],
    ['GET /v1/me/consents', (key) => ledger.get(`/v1/me/consents?key=${key}`, device(secret))],
    ['GET /v1/me/receipts', (key) => ledger.get(`/v1/me/receipts?key=${key}`, device(secret))],
    ['GET /v1/notices', (key) => ledger.get(`/v1/notices/cookie-policy?key=${key}`)],
    ['GET /c15t/{siteKey}/init', (key) => ledger.get(`/c15t/${key}/init`)],
  ]

  test('has a key that each route refuses at once, and its origins say nothing about it', async () => {
    const key = await make('closing', ['https://closing.example'])
    for (const [name, call] of routes)
      expect([name, (await call(key)).status]).toEqual([name, expect.toSatisfy(isGood)])
    const revoked = await revoke('closing')
    expect(revoked).toMatchObject({ status: 201, json: { site: 'closing', revokedAt: expect.any(String) } })
    for (const [name, call] of routes) {
      const { status, json } = await call(key)
      expect([name, status, String(json.code).toLowerCase()]).toEqual([name, 401, 'unauthenticated'])
    }
    expect((await postFrom(key, 'https://closing.example')).status).toBe(401)
    expect(await siteOf('closing')).toMatchObject({ key, revokedAt: revoked.json.revokedAt })
  })

  test('keeps what it recorded, which counts as before', async () => {
    const key = await make('counting', [])
    const own = 'q'.repeat(32)
    await ledger.post(`/v1/events?key=${key}`, visitorEvent(ledger, own))
    const status = async () =>
      (await ledger.get(`/v1/me/consents?key=${ledger.key('ljungsten/web')}`, device(own))).json.consents.map(
        ({ purposeId, policyId, status }: EventBody) => [purposeId ?? policyId, status],
      )
    const before = await status()
    expect(before).toContainEqual(['statistics', 'Given'])
    await revoke('counting')
    expect(await status()).toEqual(before)
  })

  test('is revoked once, with a leaf, and each request has an act with the digest of the record', async () => {
    await make('once', [])
    const before = await ledger.stored('entries')
    const [first, again] = [await revoke('once'), await revoke('once')]
    expect([first.status, again.status, again.json]).toEqual([201, 200, first.json])
    const added = (await ledger.stored('entries')).filter(({ sk }) => !before.some((item) => item.sk === sk))
    const record = added.find(({ sk }) => sk === 'revoked#once')
    expect(record?.values.draft).toBe(digestOf({ site: 'once' }))
    expect(JSON.parse(String(record?.values.leaf))).toEqual({
      kind: 'site-revocation',
      site: 'once',
      revokedAt: first.json.revokedAt,
      content: digestOf(first.json),
      v: 1,
    })
    expect(added.filter(({ pk }) => pk.includes('#act#'))).toHaveLength(2)
    expect((await revoke('nowhere')).status).toBe(404)
  })

  test('is not made again, and its origins do not change', async () => {
    const draft = { site: 'again', kind: 'web', name: 'again', origins: [] }
    await make('again', [])
    await revoke('again')
    for (const name of ['again', 'another'])
      expect(await administer(ledger, '/sites', { ...draft, name })).toMatchObject({
        status: 409,
        json: { code: 'already-exists' },
      })
    expect((await change('again', 1, ['https://new.example'])).status).toBe(404)
    expect(await siteOf('again')).toMatchObject({ origins: [], revokedAt: expect.any(String) })
  })

  test('stays revoked when the revocation cannot be read', async () => {
    const key = await make('broken', [])
    await revoke('broken')
    await ledger.damage('entries', { pk: 'ljungsten#controller', sk: 'revoked#broken', values: { record: '{' } })
    await listed()
    expect((await postFrom(key, 'https://one.example')).status).toBe(401)
  })

  test('of writes at the same time, those that were answered 201 are stored, and none after the answer of the revocation', async () => {
    const key = await make('contested', [])
    const count = async () => (await ledger.stored('entries')).filter(isEvent).length
    const before = await count()
    const write = () => ledger.post(`/v1/events?key=${key}`, visitorEvent(ledger, 't'.repeat(32)))
    const earlier = Array.from({ length: 10 }, write)
    const revoked = revoke('contested')
    const beside = Array.from({ length: 10 }, write)
    expect((await revoked).status).toBe(201)
    expect((await write()).status).toBe(401)
    const statuses = (await Promise.all([...earlier, ...beside])).map(({ status }) => status)
    expect(statuses.filter((status) => status !== 201 && status !== 401)).toEqual([])
    expect((await count()) - before).toBe(statuses.filter((status) => status === 201).length)
  })

  test('is revoked by a token of its controller with the scope, and by nothing else', async () => {
    await make('guarded', [])
    const path = `${sitesPath}/guarded/revocation`
    const credentials: readonly [string, Record<string, string>, number][] = [
      ['none', {}, 401],
      ['its site key', { 'x-site-key': ledger.key('ljungsten/web') }, 401],
      ['a device', device(secret), 401],
      ['another controller', bearer(await ledger.token('consent.admin', 'tallmo')), 401],
      ['the ledger’s administrator', bearer(await ledger.token('ledger.admin', 'ledger')), 401],
      ...(await Promise.all(
        ['consent.write', 'consent.audit', 'consent.erase', 'consent.import'].map(
          async (scope) => [scope, bearer(await ledger.token(scope)), 403] as [string, Record<string, string>, number],
        ),
      )),
    ]
    for (const [name, headers, status] of credentials)
      expect([name, (await ledger.send(path, { method: 'POST', headers })).status]).toEqual([name, status])
    expect(await siteOf('guarded')).not.toHaveProperty('revokedAt')
  })

  test('may be used by an instance that has cached the controller for 30 s at most', async () => {
    const key = await make('cached', [])
    const write = () => ledger.post(`/v1/events?key=${key}`, visitorEvent(ledger, 'u'.repeat(32)))
    expect((await write()).status).toBe(201)
    const { entries, clock } = ledger.local.ledger
    const record = { site: 'cached', revokedAt: new Date(clock()).toISOString() }
    await entries.insert([
      {
        pk: 'ljungsten#controller',
        sk: 'revoked#cached',
        values: { record: JSON.stringify(record), draft: '', leaf: siteRevocationLeaf(record) },
      },
    ])
    expect((await write()).status).toBe(201)
    ledger.setClock(new Date(clock() + 30_001).toISOString())
    expect((await write()).status).toBe(401)
  })
})

const isGood = (status: number) => status === 200 || status === 201
