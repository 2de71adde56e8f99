/** A controller's sites, as their administrator sees them and changes their origins; each change is a record, a leaf and an act. */
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../shared/consent/published-leaf.ts'
import { administer, bearer, visitorEvent } from '../support/demo-calls.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

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
