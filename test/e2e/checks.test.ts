/** Checks of many people at once: the answers, who may ask, and what the people and the controller are told. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import {
  bearer,
  bearerWithoutGrant,
  device,
  type EventBody,
  noon,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const topic = { purposeId: 'statistics' }
const [yes, no, linked] = [aDeviceSecret(), aDeviceSecret(), aDeviceSecret()]
const emails = { yes: 'Yes@Example.org', overruled: 'linked@example.org' }

const tokenOf = (subject: string, scope = 'consent.check') => bearerWithoutGrant(ledger, subject, scope)

async function check(subjects: unknown[], more: EventBody = topic, mailer = 'mailer'): Promise<Reply> {
  return ledger.post('/v1/checks', { controller: 'ljungsten', ...more, subjects }, await tokenOf(mailer))
}
const resultsOf = async (...asked: Parameters<typeof check>) => {
  const { status, json, text } = await check(...asked)
  expect(status, text).toBe(200)
  return json.results
}

async function operatorSays(id: string, verb: string): Promise<void> {
  const subject = { identifier: { type: 'email', id } }
  const event = visitorEvent(ledger, '', { subject, decisions: [{ ...topic, verb }] })
  const reply = await record(ledger, event, 'ljungsten/back-office', await tokenOf('clerk', 'consent.write'))
  expect(reply.status).toBe(201)
}

/** As receipts and the log name the person. */
async function pseudonymOf(secret: string): Promise<string> {
  const { json } = await record(
    ledger,
    visitorEvent(ledger, secret, { decisions: [{ purposeId: 'preferences', verb: 'given' }] }),
  )
  return JSON.parse(json.leaf).sub
}

async function grant(mailer: string, more: EventBody = {}): Promise<void> {
  const named = { auditor: { subject: mailer }, name: `Letters by ${mailer}`, subjects: 'all', ...more }
  const draft = { grantId: randomUUID(), ...named, from: '2020-01-01T00:00:00Z', until: '2090-01-01T00:00:00Z' }
  const admin = await tokenOf('editor', 'consent.admin')
  expect((await ledger.post('/v1/controllers/ljungsten/grants', draft, admin)).status).toBe(201)
}

beforeAll(async () => {
  ledger.setClock(noon)
  await grant('mailer')
  for (const [secret, verb] of [
    [yes, 'given'],
    [no, 'given'],
    [linked, 'given'],
  ] as const)
    await record(ledger, visitorEvent(ledger, secret, { decisions: [{ ...topic, verb }] }))
  await record(ledger, visitorEvent(ledger, no, { decisions: [{ ...topic, verb: 'withdrawn' }] }))
  await operatorSays(emails.yes, 'given')
})

const permitted = { permitted: true, status: 'Given', reason: 'decided' }
const unknown = { permitted: false, status: 'Unknown', reason: 'nothing-recorded' }

describe('the answers', () => {
  test('are in the order of the entries; a bad entry spoils only its own', async () => {
    const results = await resultsOf([
      deviceIdentity(yes),
      deviceIdentity(no),
      { type: 'email', id: 'yes@example.org' },
      { type: 'email', id: 'nobody@example.org' },
      { type: 'email', id: '\u200b' },
      { type: 'Email!', id: 'x' },
      'kim@example.org',
      deviceIdentity(yes),
    ])
    expect(results).toEqual([
      permitted,
      { permitted: false, status: 'Withdrawn', reason: 'decided' },
      permitted,
      unknown,
      { permitted: false, reason: 'empty' },
      { permitted: false, reason: 'invalid-entry' },
      { permitted: false, reason: 'invalid-entry' },
      permitted,
    ])
  })

  test('are the same for a person named by pseudonym; one that leads to nobody is an unknown person', async () => {
    const subs = await Promise.all([yes, no].map((secret) => pseudonymOf(secret)))
    const others = ['x'.repeat(43), 'short']
    expect(await resultsOf([...subs, ...others].map((sub) => ({ sub })))).toEqual([
      permitted,
      { permitted: false, status: 'Withdrawn', reason: 'decided' },
      unknown,
      { permitted: false, reason: 'invalid-entry' },
    ])
  })

  test('a purpose of another basis permits once people were informed, until they object', async () => {
    const about = { purposeId: 'customer-analysis' }
    const say = (verb: string) =>
      record(
        ledger,
        visitorEvent(ledger, yes, {
          decisions: [{ ...about, verb }],
          shown: [{ policyId: 'privacy-policy', version: '2', locale: 'en' }],
        }),
      )
    expect(await resultsOf([deviceIdentity(yes)], about)).toMatchObject([{ permitted: false, status: 'Uninformed' }])
    expect((await say('acknowledged')).status).toBe(201)
    expect(await resultsOf([deviceIdentity(yes)], about)).toMatchObject([{ permitted: true, status: 'Informed' }])
    await say('objected')
    expect(await resultsOf([deviceIdentity(yes)], about)).toMatchObject([{ permitted: false, status: 'Objected' }])
  })

  test('a policy permits once it was accepted', async () => {
    const about = { policyId: 'general-terms' }
    expect(await resultsOf([deviceIdentity(yes)], about)).toMatchObject([{ permitted: false }])
    const shown = [{ policyId: 'general-terms', version: '2', locale: 'en' }]
    await record(ledger, visitorEvent(ledger, yes, { decisions: [{ ...about, verb: 'accepted' }], shown }))
    expect(await resultsOf([deviceIdentity(yes)], about)).toMatchObject([{ permitted: true, status: 'Accepted' }])
  })

  test('what a linked subject withdrew counts', async () => {
    await operatorSays(emails.overruled, 'given')
    const side = { type: 'email', id: emails.overruled }
    expect(await resultsOf([side])).toEqual([permitted])
    const subjects = [side, deviceIdentity(linked)]
    const body = { controller: 'ljungsten', subjects, ground: 'one customer', requestId: randomUUID() }
    const made = await ledger.post('/v1/links', body, await tokenOf('clerk', 'consent.write'))
    expect(made.status).toBe(201)
    await record(ledger, visitorEvent(ledger, linked, { decisions: [{ ...topic, verb: 'withdrawn' }] }))
    expect(await resultsOf([side])).toMatchObject([{ permitted: false, status: 'Withdrawn' }])
  })

  test('a row that cannot be read permits nothing', async () => {
    const secret = aDeviceSecret()
    const { json } = await record(ledger, visitorEvent(ledger, secret))
    const item = (await ledger.stored('entries')).find(({ sk }) => sk === `event#${json.receiptId}`)
    if (item === undefined) throw new Error('the event is not stored')
    expect(await resultsOf([deviceIdentity(secret)])).toEqual([permitted])
    await ledger.damage('entries', { ...item, values: { ...item.values, payload: new Uint8Array(200) } })
    expect(await resultsOf([deviceIdentity(secret)])).toEqual([
      { permitted: false, status: 'Undetermined', reason: 'event-unreadable' },
    ])
  })
})

describe('who may ask', () => {
  test.each(['consent.audit', 'consent.admin', ''])('the scope "%s" may not', async (scope) => {
    const body = { controller: 'ljungsten', ...topic, subjects: [deviceIdentity(yes)] }
    const { status, json } = await ledger.post('/v1/checks', body, await tokenOf('mailer', scope))
    expect([status, json.code]).toEqual([403, 'forbidden'])
  })

  test('a machine without a grant, or with one for another purpose, may not', async () => {
    expect((await check([deviceIdentity(yes)], topic, 'stranger')).json).toMatchObject({
      code: 'grant-needed',
      missing: 'grant',
    })
    await grant('narrow', { purposes: ['newsletter'] })
    const reply = await check([deviceIdentity(yes)], topic, 'narrow')
    expect([reply.status, reply.json.code, reply.json.missing]).toEqual([403, 'grant-needed', 'purpose'])
  })

  test('a grant on some people answers about them, and for the others says that it does not cover them', async () => {
    await grant('few', { subjects: { named: [{ type: 'email', id: emails.yes }] } })
    const asked = [{ type: 'email', id: emails.yes }, deviceIdentity(yes), { type: 'email', id: 'nobody@example.org' }]
    const refused = { permitted: false, reason: 'grant-needed' }
    expect(await resultsOf(asked, topic, 'few')).toEqual([permitted, refused, refused])
    await grant('device', { subjects: { named: [deviceIdentity(yes)] } })
    const subs = [await pseudonymOf(yes), await pseudonymOf(no), 'x'.repeat(43)].map((sub) => ({ sub }))
    expect(await resultsOf(subs, topic, 'device')).toEqual([permitted, refused, refused])
  })

  test('a purpose that was never declared is refused', async () => {
    const { status, json } = await check([deviceIdentity(yes)], { purposeId: 'mind-reading' })
    expect([status, json.code]).toEqual([400, 'unknown-purpose'])
  })

  test.each([[[]], [Array.from({ length: 1001 }, () => ({ type: 'email', id: 'kim@example.org' }))]])(
    'a batch is of 1 to 1,000',
    async (subjects) => {
      expect((await check(subjects)).json).toMatchObject({ code: 'invalid-request', field: '/subjects' })
    },
  )

  test('a batch of the longest identifiers is read from a machine, and from nobody without its token', async () => {
    const subjects = Array.from({ length: 1000 }, (_, i) => ({
      type: 'email',
      id: `${String(i).padStart(244, 'x')}@example.org`,
    }))
    expect(await resultsOf(subjects)).toEqual(Array(1000).fill(unknown))
    const body = { controller: 'ljungsten', ...topic, subjects }
    const foreign = bearer(await ledger.token('consent.audit'))
    expect((await ledger.post('/v1/checks', body, foreign)).json.code).toBe('forbidden')
  })
})

describe('what is told', () => {
  const own = async (secret: string) =>
    (await ledger.get(`/v1/me/reads?key=${siteKeyOf(ledger, 'ljungsten/web')}`, device(secret))).json.reads
  const told = { month: '2026-11', route: 'checkConsents', reader: 'Letters by monthly', ...topic }

  test('a person is told once a month by whom, and one that is linked too; the controller is told of each batch', async () => {
    await grant('monthly')
    const person = { type: 'email', id: emails.overruled }
    const ask = () => resultsOf([person, deviceIdentity(yes)], topic, 'monthly')
    await Promise.all([ask(), ask()])
    await ask()
    const ofMonthly = async (secret: string) =>
      (await own(secret)).filter(({ reader }: EventBody) => reader === told.reader)
    for (const secret of [yes, linked])
      expect(await ofMonthly(secret)).toEqual([{ readAt: expect.stringMatching(/^2026-11-22T/), ...told }])
    const admin = await tokenOf('editor', 'consent.admin')
    const { reads } = (await ledger.get('/v1/controllers/ljungsten/reads', admin)).json
    const batches = reads.filter(({ reader }: EventBody) => (reader as EventBody | undefined)?.name === told.reader)
    expect(batches).toHaveLength(3)
    expect(batches[0]).toMatchObject({ route: 'checkConsents', subjects: 2, ...topic })

    ledger.setClock('2026-12-01T00:00:01.000Z')
    await ask()
    expect((await ofMonthly(yes)).map(({ month }: EventBody) => month)).toEqual(['2026-12', '2026-11'])
  })
})
