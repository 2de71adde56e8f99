/** Who acted: each administrative act leaves an entry that names its actor, sealed, before it is done; erased actors leave acts that count. */
import { expect, test } from 'vitest'
import { developmentIssuer } from '../../infra/local/development-issuer.ts'
import { digestOf } from '../../shared/consent/published-leaf.ts'
import { disclosureDigest, makeDisclosure } from '../../shared/ledger/disclosures.ts'
import { openErasure } from '../../shared/ledger/erasure/erasure-entry.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { openPayload } from '../../shared/ledger/sealed-payload.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading } from '../../shared/ledger/vault/vault.ts'
import { administer, bearer, claimsIn, decisionEvent, type EventBody, record } from '../support/demo-calls.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { steal } from '../support/thief.ts'

const editor = { issuer: developmentIssuer, subject: 'editor' }
const isAct = ({ pk }: Item) => /#act#\d{4}-\d\d-\d\d$/.test(pk)

const ledger = sharedLedger({ clockOnlyGoesOn: true })

const acts = async () => (await ledger.stored('entries')).filter(isAct)

async function scope() {
  const snapshot = await ledger.local.ledger.controllers.current('ljungsten')
  if (snapshot === undefined) throw new Error('no demo world')
  return { ...vaultScope(snapshot), snapshot }
}

async function opened(item: Item): Promise<EventBody> {
  const keys = await subjectKeysForReading(ledger.local.ledger, await scope(), holderIdentity('act', editor))
  const year = keys?.years.get(Number(String(item.values.hour).slice(0, 4)))
  if (year === undefined) throw new Error('the actor has no keys')
  const content = openPayload(item.values.payload as Uint8Array, year.proof.seal, item) as Record<string, EventBody>
  const digests = ['act', 'actor', 'times'].map((name) =>
    disclosureDigest(makeDisclosure(item.sk, { name: `field:${name}`, value: content[name] }, year.proof.salt)),
  )
  expect(JSON.parse(String(item.values.leaf))).toEqual({ _sd: digests.sort(), _sd_alg: 'sha-256', kind: 'act', v: 1 })
  expect(content.actor).toEqual(holderIdentity('act', editor))
  return content.act as EventBody
}

const site = { site: 'kiosk', kind: 'app', name: 'Kiosk', origins: [] }

test.each<[string, string, EventBody, EventBody, number]>([
  ['createSite', '/sites', site, { site: 'kiosk' }, 201],
  ['createSite', '/sites', site, { site: 'kiosk' }, 200],
  ['createSite', '/sites', { ...site, name: 'Another' }, { site: 'kiosk' }, 409],
  [
    'retractVersion',
    '/policies/privacy-policy/retractions',
    { version: 'none', reason: 'a test' },
    { policyId: 'privacy-policy', version: 'none' },
    404,
  ],
])('%s %s is recorded with its actor, whatever comes of it', async (route, path, body, target, status) => {
  const before = new Set((await acts()).map(({ sk }) => sk))
  expect((await administer(ledger, path, body)).status).toBe(status)
  const [act, ...more] = (await acts()).filter(({ sk }) => !before.has(sk))
  if (act === undefined) throw new Error('no act was recorded')
  expect(more).toEqual([])
  expect(await opened(act)).toEqual({ route, target, content: digestOf(body) })
})

test('an act has the digest of the item that it made', async () => {
  const items = await ledger.stored('entries')
  const made = items.find(({ sk }) => sk === 'site#kiosk')
  const contents = await Promise.all(items.filter(isAct).map(opened))
  expect(contents.map(({ content }) => content)).toContain(made?.values.draft)
})

test('a caller without the right leaves no act, and nothing is made when the act cannot be recorded', async () => {
  const token = bearer(await ledger.token('consent.audit'))
  const before = await ledger.stored('entries')
  expect((await ledger.post('/v1/controllers/ljungsten/sites', { ...site, site: 'other' }, token)).status).toBe(403)
  const { vault } = ledger.local.ledger
  const get = vault.get
  vault.get = () => Promise.reject(new Error('the vault is away'))
  try {
    expect((await administer(ledger, '/sites', { ...site, site: 'other' })).status).toBe(500)
  } finally {
    vault.get = get
  }
  expect(await ledger.stored('entries')).toEqual(before)
})

test('the creation of a controller names its actor too', async () => {
  const snapshot = await ledger.local.ledger.controllers.recent('ljungsten')
  const { createdAt: _, ...known } = snapshot?.controller ?? ({} as never)
  const draft = {
    ...known,
    controller: 'newcomer',
    identityProvider: ledger.local.issuer.provider('consent-ledger/newcomer'),
  }
  const token = bearer(await ledger.token('ledger.admin', 'ledger', 'root'))
  expect((await ledger.post('/v1/controllers', draft, token)).status).toBe(201)
  expect((await acts()).filter(({ pk }) => pk.startsWith('newcomer#act#'))).toHaveLength(1)
})

test('an erasure names its actor, under a key that no erasure deletes', async () => {
  const subject = { type: 'email', id: 'kim@example.org' }
  const event = decisionEvent(ledger, { subject: { identifier: subject } })
  await record(ledger, event, 'ljungsten/back-office', bearer(await ledger.token('consent.write')))
  const body = { controller: 'ljungsten', subject, ground: 'order' }
  const token = bearer(await ledger.token('consent.erase', 'ljungsten', 'clerk'))
  expect((await ledger.post('/v1/erasures', body, token)).json.outcome).toBe('erased')
  const [entry] = (await ledger.stored('entries')).filter(({ pk }) => pk === 'ljungsten#erased')
  if (entry === undefined) throw new Error('no erasure was recorded')
  expect(claimsIn(openErasure(await scope(), entry).disclosures).get('field:actor')).toEqual({
    issuer: developmentIssuer,
    subject: 'clerk',
  })
})

test('an actor is erased; its acts stay, and no key that is left says whose they are', async () => {
  const loot = async () =>
    steal([(await scope()).snapshot], await ledger.stored('entries'), await ledger.stored('vault'))
  const naming = async () => (await loot()).opened.filter((text) => text.includes('editor'))
  expect(await naming()).not.toEqual([])
  const before = await acts()
  const body = { controller: 'ljungsten', subject: { type: 'reader', ...editor }, ground: 'data-subject-request' }
  const { json } = await ledger.post('/v1/erasures', body, bearer(await ledger.token('consent.erase')))
  expect(json).toMatchObject({ outcome: 'erased', events: 0 })
  expect(await naming()).toEqual([])
  expect(await acts()).toEqual(before)
})
