/** Recorded reads, as the controller's administration and the people themselves see them. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { developmentIssuer } from '../../infra/local/development-issuer.ts'
import {
  bearerWithoutGrant,
  dayMs,
  device,
  type EventBody,
  moved,
  noon,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const [known, other] = [aDeviceSecret(), aDeviceSecret()]

const tokenOf = (subject: string, scope: string) => bearerWithoutGrant(ledger, subject, scope)

async function ask(auditor: string, secret: string, more: EventBody): Promise<void> {
  const body = { controller: 'ljungsten', subject: deviceIdentity(secret), ...more }
  const reply = await ledger.post('/v1/audit/consents', body, await tokenOf(auditor, 'consent.audit'))
  expect(reply.status).toBe(200)
}

const list = async (query = '', scope = 'consent.admin'): Promise<Reply> =>
  ledger.get(`/v1/controllers/ljungsten/reads${query}`, await tokenOf('editor', scope))

const own = (secret: string, query = ''): Promise<Reply> =>
  ledger.get(`/v1/me/reads?key=${siteKeyOf(ledger, 'ljungsten/web')}${query}`, device(secret))

beforeAll(async () => {
  ledger.setClock(noon)
  for (const secret of [known, other]) await record(ledger, visitorEvent(ledger, secret))
  for (const auditor of ['inspector', 'clerk']) {
    const named = { auditor: { subject: auditor }, name: `Office of the ${auditor}`, subjects: 'all' }
    const draft = { grantId: randomUUID(), ...named, from: '2020-01-01T00:00:00Z', until: '2090-01-01T00:00:00Z' }
    const made = await ledger.post('/v1/controllers/ljungsten/grants', draft, await tokenOf('editor', 'consent.admin'))
    expect(made.status).toBe(201)
  }
  await ask('inspector', known, { purposeId: 'statistics' })
  ledger.setClock(moved(noon, 3_600_000))
  await ask('clerk', known, {})
  await ask('clerk', other, { policyId: 'cookie-policy' })
})

const inspector = { auditor: { issuer: developmentIssuer, subject: 'inspector' }, name: 'Office of the inspector' }
const clerk = { auditor: { issuer: developmentIssuer, subject: 'clerk' }, name: 'Office of the clerk' }

test('the controller sees who read when about what, and never about whom', async () => {
  const { json, text } = await list()
  const hour = '2026-11-22T13'
  expect(json.day).toBe('2026-11-22')
  const sorted = json.reads.toSorted((a: EventBody, b: EventBody) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  expect(sorted).toEqual(
    [
      { hour: '2026-11-22T12', reader: inspector, route: 'askConsents', purposeId: 'statistics', subjects: 1 },
      { hour, reader: clerk, route: 'askConsents', policyId: 'cookie-policy', subjects: 1 },
      { hour, reader: clerk, route: 'askConsents', subjects: 1 },
    ].toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  )
  for (const secret of [known, other]) expect(text).not.toContain(deviceIdentity(secret).id)
})

test('the reads of a day are its own', async () => {
  expect((await list('?day=2026-11-22')).json.reads).toHaveLength(3)
  expect((await list('?day=2026-11-21')).json).toEqual({ day: '2026-11-21', reads: [] })
})

test.each(['consent.audit', 'consent.erase', 'consent.write', ''])(
  'the scope "%s" does not list them',
  async (scope) => {
    const { status, json } = await list('', scope)
    expect([status, json.code]).toEqual([403, 'forbidden'])
  },
)

describe('a person', () => {
  test('sees who read about them, newest first, and nothing about others', async () => {
    const { json } = await own(known)
    expect(json).toEqual({
      reads: [
        { readAt: expect.stringMatching(/^2026-11-22T13/), reader: clerk.name, route: 'askConsents' },
        {
          readAt: expect.stringMatching(/^2026-11-22T12/),
          reader: inspector.name,
          route: 'askConsents',
          purposeId: 'statistics',
        },
      ],
    })
  })

  test('whom the ledger does not know gets an empty list', async () => {
    const { status, json } = await own(aDeviceSecret())
    expect([status, json]).toEqual([200, { reads: [] }])
  })

  test('needs their own credential', async () => {
    const key = siteKeyOf(ledger, 'ljungsten/web')
    expect((await ledger.get(`/v1/me/reads?key=${key}`)).status).toBe(401)
  })
})

test('an erased reader has no name any more; its reads still count', async () => {
  const body = { controller: 'ljungsten', subject: { type: 'reader', issuer: developmentIssuer, subject: 'clerk' } }
  const erasing = await tokenOf('eraser', 'consent.erase')
  const { json } = await ledger.post('/v1/erasures', { ...body, ground: 'data-subject-request' }, erasing)
  expect(json.outcome).toBe('erased')
  const { reads } = (await list()).json
  expect(reads.filter((read: EventBody) => read.reader === undefined)).toEqual(Array(2).fill({ hour: '2026-11-22T13' }))
  expect((await own(known)).json.reads.map(({ reader }: EventBody) => reader)).toEqual([undefined, inspector.name])
})

test('an erased person leaves the reads about them, and nobody sees them as theirs', async () => {
  const body = { controller: 'ljungsten', subject: deviceIdentity(known), ground: 'data-subject-request' }
  await ledger.post('/v1/erasures', body, await tokenOf('eraser', 'consent.erase'))
  expect((await own(known)).json).toEqual({ reads: [] })
  expect((await list()).json.reads).toHaveLength(3)
  ledger.setClock(moved(noon, dayMs))
})
