/** The file with all that the ledger has about a person: whole, verifiable, only of that person, and with a word on what it leaves out. */
import { beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import {
  bearer,
  decisionEvent,
  device,
  type EventBody,
  lasting,
  noon,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const [mine, another] = [aDeviceSecret(), aDeviceSecret()]
const key = () => siteKeyOf(ledger, 'ljungsten/web')
const own = (path: string, headers: Record<string, string> = device(mine), query = ''): Promise<Reply> =>
  ledger.get(`/v1/me/${path}?key=${key()}${query}`, headers)
const account = async () => bearer(await ledger.token('', 'ljungsten', 'acct-own-record'))

/** More than a page of the file has. */
const count = 53

beforeAll(async () => {
  ledger.setClock(noon)
  const event = (secret: string) => ({ ...visitorEvent(ledger, secret), occurredAt: ledger.now() })
  for (const secret of [mine, another]) {
    for (let left = secret === mine ? count : 1; left > 0; left -= 25)
      await record(ledger, { events: Array.from({ length: Math.min(left, 25) }, () => event(secret)) })
  }
  const question = { controller: 'ljungsten', subject: deviceIdentity(mine), purposeId: 'statistics' }
  await ledger.post('/v1/audit/consents', question, bearer(await ledger.token('consent.audit', 'ljungsten', 'reader')))
  const shown = [{ policyId: 'privacy-policy', version: '2' }]
  const body = { deviceSecret: mine, requestId: crypto.randomUUID(), shown }
  expect((await ledger.post(`/v1/me/link?key=${key()}`, body, await account())).status).toBe(201)
})

/** The clock goes on between two answers. */
const timeless = (json: unknown) => JSON.parse(JSON.stringify(json).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, 'then'))

async function pages(): Promise<Reply[]> {
  const found = [await own('download')]
  for (let next = found[0]?.json.next; next !== undefined; next = found.at(-1)?.json.next)
    found.push(await own('download', device(mine), `&after=${next}`))
  return found
}

test('its pages have every event with its receipt, in the order of the history', async () => {
  const all = await pages()
  expect(all.map(({ json }) => json.events.length)).toEqual([50, 3])
  const events = all.flatMap(({ json }) => json.events)
  const history = [await own('history', device(mine), '&limit=100')].flatMap(({ json }) => json.events)
  expect(events).toEqual(history)
  const receipts = all.flatMap(({ json }) => json.receipts)
  expect(receipts.map(({ receiptId }) => receiptId)).toEqual(events.map(({ receiptId }) => receiptId))
  const page = (await own('receipts', device(mine), '&limit=100')).json.receipts
  expect(receipts.map(lasting)).toEqual(page.map(lasting))
})

test('each page verifies offline as it is', async () => {
  const policy = parsePolicy((await ledger.get('/log/ljungsten/policy')).text)
  for (const { text } of await pages()) {
    const { verdict, failed } = await verifyFile(text, policy, { now: ledger.now() })
    expect([verdict, failed]).toEqual(['valid', undefined])
  }
})

test('the first page has what the routes for each have, and the exact texts', async () => {
  const [first, second] = await pages()
  const file = first?.json
  const { consents } = (await own('consents')).json
  expect(file).toMatchObject({ format: 'consent-own-record@1', subject: deviceIdentity(mine), mandates: [] })
  expect(timeless(file.state.consents)).toEqual(timeless(consents))
  expect(file.reads).toEqual((await own('reads')).json.reads)
  expect(file.reads).toHaveLength(1)
  expect(file.links).toEqual([
    { linkId: expect.any(String), linkedAt: expect.any(String), shown: [expect.objectContaining({ shown: '2' })] },
  ])
  for (const { text, path } of file.texts) expect((await ledger.get(path)).text).toBe(text)
  expect(file.texts.length).toBeGreaterThan(0)
  expect(file.titles.statistics.en).toBe('Statistics')
  for (const name of ['state', 'reads', 'links', 'mandates']) expect(second?.json).not.toHaveProperty([name])
})

test('what is left out is named with its reason; of a linked account also that the device has a record of its own', async () => {
  const always = [
    { what: 'readers', why: 'data-of-others' },
    { what: 'other-systems', why: 'not-in-this-ledger' },
  ]
  const linked = { what: 'linked-subjects', why: 'record-of-its-own', count: 1 }
  const [ofDevice, ofAccount] = [await own('download'), await own('download', await account())]
  expect([ofDevice.json.leftOut, ofAccount.json.leftOut]).toEqual([
    [linked, ...always],
    [linked, ...always],
  ])
  expect(ofAccount.json.events).toEqual([])
  // Whoever has the device's secret alone is not signed in, and sees nothing that the account chose.
  expect([ofDevice.json.state.joint, ofAccount.json.state.joint.links.length]).toEqual([undefined, 1])
})

describe('one person', () => {
  test('has nothing of another in the file', async () => {
    const [ours, theirs] = [await own('download'), await own('download', device(another))]
    const ids = theirs.json.events.map(({ eventId }: EventBody) => eventId)
    expect(ids).toHaveLength(1)
    expect(ours.text).not.toContain(ids[0])
    expect(ours.text).not.toContain(deviceIdentity(another).id)
    expect(ours.text).not.toContain('acct-own-record')
  })

  test('gets the same file but for the name when never known and when erased, and nobody may keep it', async () => {
    const [erasable, stranger] = [aDeviceSecret(), aDeviceSecret()]
    await record(ledger, { ...decisionEvent(ledger), subject: { deviceSecret: erasable } })
    const eraser = bearer(await ledger.token('consent.erase'))
    const body = { controller: 'ljungsten', subject: deviceIdentity(erasable), ground: 'data-subject-request' }
    expect((await ledger.post('/v1/erasures', body, eraser)).json.outcome).toBe('erased')
    const [erased, unknown] = [await own('download', device(erasable)), await own('download', device(stranger))]
    const nameless = ({ json: { subject: _, ...rest } }: Reply) => timeless(rest)
    expect(nameless(erased)).toEqual(nameless(unknown))
    expect([erased.status, erased.text.length]).toEqual([200, unknown.text.length])
    for (const reply of [erased, unknown, await own('download')]) {
      expect(reply.headers.get('cache-control')).toBe('no-store')
      expect(reply.headers.get('content-disposition')).toMatch(/^attachment/)
    }
  })
})
