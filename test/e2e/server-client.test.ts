/** The client for servers against a real ledger over HTTP: double opt-in, batches, and a network that loses answers. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openLedger, ProblemError, type ServerLedger } from '../../shared/server/server.ts'
import { noon } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const running = sharedLedger()
let ledger: ServerLedger
const scopes: string[] = []

beforeAll(async () => {
  running.setClock(noon)
  ledger = clientWith(fetch)
})

function clientWith(fetchToUse: typeof fetch): ServerLedger {
  return openLedger({
    url: running.url,
    controller: 'ljungsten',
    siteKey: siteKeyOf(running, 'ljungsten/web'),
    token: (scope) => {
      scopes.push(scope)
      return running.token(scope)
    },
    clock: () => Date.parse(running.now()),
    fetch: fetchToUse,
  })
}

const mailbox = (id: string) => ({ type: 'email', id })

async function standing(id: string, purposeId = 'newsletter') {
  const { consents } = await ledger.askConsents({ subject: mailbox(id), purposeId })
  return consents[0]
}

describe('double opt-in, by identifier', () => {
  it('is Requested when it is given, and Given when it is confirmed', async () => {
    scopes.length = 0
    const identifier = mailbox('dora@example.org')
    const given = await ledger.recordEvents({
      subject: { identifier, new: true },
      decisions: [{ purposeId: 'newsletter', verb: 'given' }],
      shown: [{ noticeToken: (await ledger.getNotice('privacy-policy', { locale: 'sv-SE' })).noticeToken }],
      actor: { role: 'self' },
      surface: 'form',
      act: 'checkbox',
    })
    expect(given.decisions).toMatchObject([{ effect: 'yes', reason: 'awaiting-confirmation' }])
    expect(await standing(identifier.id)).toMatchObject({ status: 'Requested', permittedByConsent: false })

    const confirmed = await ledger.recordEvents({
      subject: { identifier, assurance: 'confirmed' },
      decisions: [{ purposeId: 'newsletter', verb: 'confirmed' }],
      actor: { role: 'self' },
    })
    expect(confirmed.assurance).toBe('confirmed')
    expect(await standing(identifier.id)).toMatchObject({
      status: 'Given',
      permittedByConsent: true,
      decidedBy: confirmed.eventId,
      grade: 'served-unbound',
      demonstrable: true,
    })
    expect(scopes).toEqual(['consent.write', 'consent.audit', 'consent.write', 'consent.audit'])
  })

  it('is refused without the scope', async () => {
    const stranger = openLedger({
      url: running.url,
      controller: 'ljungsten',
      siteKey: siteKeyOf(running, 'ljungsten/web'),
      token: () => running.token('consent.audit'),
    })
    const decisions = [{ purposeId: 'newsletter', verb: 'confirmed' }] as const
    const subject = { identifier: mailbox('eve@example.org'), assurance: 'confirmed' } as const
    const refused = await stranger.recordEvents({ subject, decisions }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ProblemError)
    expect(refused).toMatchObject({ code: 'forbidden', status: 403, allowed: ['consent.write'] })
    expect((refused as Error).message).not.toContain('eve')
  })
})

it('a batch has an outcome for each event, also for the one that is refused', async () => {
  const subject = { deviceSecret: aDeviceSecret() }
  const { outcomes } = await ledger.recordEvents([
    { subject, decisions: [{ purposeId: 'statistics', verb: 'given' }] },
    { subject, decisions: [{ purposeId: 'telepathy', verb: 'given' }] },
  ])
  expect(outcomes.map(({ status }) => status)).toEqual([201, 400])
  expect(outcomes[1]?.problem).toMatchObject({ code: 'unknown-purpose', field: '/events/1/decisions/0/purposeId' })
})

it('a short answer says what was recorded, and the receipt is there for its person', async () => {
  const person = { deviceSecret: aDeviceSecret() }
  const decisions = [{ purposeId: 'statistics', verb: 'given' }] as const
  const minimal = { return: 'minimal' } as const
  const short = await ledger.recordEvents({ subject: { ...person, new: true }, decisions, act: 'button' }, minimal)
  const own = await ledger.recordOwnEvents(person, { decisions, act: 'button' }, minimal)
  const { outcomes } = await ledger.recordOwnEvents(person, [{ decisions, act: 'button' }], minimal)
  expect(outcomes[0]).toMatchObject({ status: 201, recorded: { decisions: [{ verb: 'given', effect: 'yes' }] } })
  expect(outcomes[0]).not.toHaveProperty('receipt')
  const { receipts } = await ledger.getOwnReceipts(person)
  for (const each of [short, own, outcomes[0]?.recorded])
    expect(receipts.find(({ receiptId }) => receiptId === each?.receiptId)).toMatchObject({ ...each })
})

it('a request whose answer was lost is sent again, and the event is recorded once', async () => {
  let lost = 0
  const lossy = clientWith(async (input, init) => {
    const response = await fetch(input, init)
    if (lost === 2) return response
    lost += 1
    await response.text()
    throw new TypeError('terminated')
  })
  const subject = { identifier: mailbox('finn@example.org') }
  const receipt = await lossy.recordEvents({ subject, decisions: [{ purposeId: 'newsletter', verb: 'refused' }] })
  expect(lost).toBe(2)
  const { events } = await ledger.askTimeline({ subject: subject.identifier, purposeId: 'newsletter' })
  expect(events.map(({ eventId }) => eventId)).toEqual([receipt.eventId])
})

it('a person’s own credential reads and withdraws what is theirs', async () => {
  const person = { deviceSecret: aDeviceSecret() }
  const { noticeToken } = await ledger.getNotice('cookie-policy', {}, person)
  await ledger.recordOwnEvents(person, {
    new: true,
    decisions: [{ purposeId: 'statistics', verb: 'given' }],
    shown: [{ noticeToken }],
    act: 'toggle',
  })
  const statistics = async () =>
    (await ledger.getOwnConsents(person)).consents.find(({ purposeId }) => purposeId === 'statistics')
  expect(await statistics()).toMatchObject({ status: 'Given', grade: 'served' })
  await ledger.recordOwnEvents(person, { decisions: [{ purposeId: 'statistics', verb: 'withdrawn' }] })
  expect(await statistics()).toMatchObject({ status: 'Withdrawn' })
  expect((await ledger.getOwnReceipts(person, { limit: 1 })).next).toBeDefined()
})
