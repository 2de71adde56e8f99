/** Spellings that look alike are one person, over HTTP: also for people who were recorded before the ledger knew that. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Identity } from '../../shared/consent/event.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { audit, bearer, decisionEvent, record } from '../support/demo-calls.ts'
import { storeUnderForm } from '../support/earlier-form-row.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

const eventOf = (identifier: Identity, verb: string) => ({
  ...decisionEvent(ledger, { decisions: [{ purposeId: 'statistics', verb }] }),
  subject: { identifier },
  occurredAt: ledger.now(),
  sentAt: ledger.now(),
})
async function send(body: unknown) {
  const headers = bearer(await ledger.token('consent.write', 'ljungsten', 'case-system'))
  return record(ledger, body, 'ljungsten/back-office', headers)
}
const say = (identifier: Identity, verb: string) => send(eventOf(identifier, verb))
/** In one request, so at once. */
async function sayAll(events: readonly unknown[]): Promise<number[]> {
  const { json } = await send({ events })
  return json.outcomes.map(({ status }: { status: number }) => status)
}
const ask = (subject: Identity, what: 'consents' | 'proofs' | 'timeline' = 'consents') =>
  audit(ledger, what, { subject, purposeId: 'statistics' })
async function erase(subject: Identity) {
  const headers = bearer(await ledger.token('consent.erase'))
  return ledger.post('/v1/erasures', { controller: 'ljungsten', subject, ground: 'data-subject-request' }, headers)
}

const name = () => `ann-${randomUUID().slice(0, 8)}`
const email = (id: string): Identity => ({ type: 'email', id })

const alike: [string, (id: string) => string][] = [
  ['a zero-width space', (id) => `${id.slice(0, 2)}\u200b${id.slice(2)}`],
  ['a soft hyphen', (id) => `${id}\u00ad`],
  ['bidirectional marks', (id) => `\u202a${id}\u202c`],
  ['a typographic dash', (id) => id.replace('-', '\u2011')],
  ['a no-break space', (id) => `\u00a0${id}\u2007`],
]

describe.each(alike)('a spelling with %s', (_, spelled) => {
  test.each<[string, string]>([
    ['email', `${name()}@example.org`],
    ['phone', `+46 70-${Math.floor(Math.random() * 1e7)}`],
  ])('of type %s: its withdrawal counts, its proof verifies and its erasure finds', async (type, id) => {
    const [plain, other] = [
      { type, id },
      { type, id: spelled(id) },
    ]
    expect((await say(plain, 'given')).status).toBe(201)
    expect((await say(other, 'withdrawn')).status).toBe(201)
    for (const subject of [plain, other]) {
      const { json } = await ask(subject)
      expect(json.consents[0].status).toBe('Withdrawn')
    }
    const proof = await ask(other, 'proofs')
    expect([proof.status, proof.json.events.length]).toEqual([200, 2])
    expect((await erase(other)).json).toMatchObject({ outcome: 'erased', events: 2 })
    expect((await erase(plain)).json.outcome).toBe('nothing-found')
  })
})

/** In each row the spellings of one person, and beside it somebody else. The controller is Swedish. */
const people: readonly [type: string, spellings: readonly string[], other: string][] = [
  [
    'phone',
    [
      '+46 70-175 45 67',
      '070-175 45 67',
      '0046 (0)70 175 45 67',
      '+46 (0)70 1754567',
      'tel:+46-70-175-45-67',
      '070/175 45 67',
    ],
    '70-175 45 67',
  ],
  [
    'phone',
    [
      '08-123 456 71 ankn. 12',
      '+46 8 123 456 71 ext. 12',
      'tel:+46-8-123-456-71;ext=12',
      '0812345671 x12',
      '0046812345671#12',
    ],
    '08-123 456 71',
  ],
  [
    'phone',
    ['+49 30 12345678', '+49 (0)30/12345678', '0049 30 123 456 78', 'tel:030-12345678;phone-context=+49'],
    '030 12345678',
  ],
  ['phone', ['+44 20 7946 0018', '+44 (0)20 7946 0018', '0044 20 7946 0018', '＋44 20 7946 0018'], '020 7946 0018'],
  ['phone', ['+1 (202) 555-0123', '001 202 555 0123', '+1.202.555.0123', 'tel:+1-202-555-0123'], '202 555 0123'],
  ['phone', ['+39 06 1234 5678', '0039 06 12345678', '+39 (06) 1234\u20115678'], '+39 6 1234 5678'],
  ['phone', ['+358 40 1234567', '+358 (0)40 1234567', '00358 40 123 45 67'], '040 1234567'],
  ['phone', ['71100', '711 00', '711-00'], '+46 71100 1234'],
  [
    'email',
    ['ann@bücher.example', 'Ann@BÜCHER.example.', 'ann@xn--bcher-kva.example', 'mailto:ann@bu\u0308cher.example'],
    'ann@bucher.example',
  ],
  ['email', ['ann@straße.example', 'ann@STRAẞE.example', 'ann@xn--strae-oqa.example'], 'ann@strasse.example'],
  ['email', ['ann@İzmir.example', 'ann@i\u0307zmir.example'], 'ann@ızmir.example'],
  ['email', ['ann@i❤.example', 'ANN@I❤\ufe0f.example', 'ann@xn--i-7iq.example'], 'ann@i.example'],
  ['email', ['ann@例え.example', 'ann＠例え。example', 'ann@例え｡example'], 'ann@例.example'],
  ['email', ['ann@xn--iñvalid.example', 'ANN@XN--IÑVALID.example'], 'ann@iñvalid.example'],
]

describe.each(people)('%s %j', (type, spellings, other) => {
  test('is one person in every spelling, and not the other one', async () => {
    const identity = (id: string): Identity => ({ type, id })
    const said = await sayAll(
      [...spellings, other].map((id) => eventOf(identity(id), id === other ? 'refused' : 'given')),
    )
    expect(said).toEqual(said.map(() => 201))
    const timelines = await Promise.all(spellings.map((id) => ask(identity(id), 'timeline')))
    const [first] = timelines
    for (const { json } of timelines)
      expect([json.subject, json.events.length]).toEqual([first?.json.subject, spellings.length])
    const last = identity(spellings.at(-1) ?? '')
    const proof = await ask(last, 'proofs')
    expect([proof.status, proof.json.events.length, proof.json.answer.status]).toEqual([
      200,
      spellings.length,
      'RenewedGiven',
    ])
    expect((await ask(identity(other))).json.consents[0].status).toBe('Refused')
    expect((await erase(last)).json).toMatchObject({ outcome: 'erased', events: spellings.length })
    expect((await erase(identity(spellings[0] ?? ''))).json.outcome).toBe('nothing-found')
    expect((await erase(identity(other))).json).toMatchObject({ outcome: 'erased', events: 1 })
  })
})

test('a number that was recorded in its national form is found, proven and erased by the international one', async () => {
  const snapshot = await ledger.local.ledger.controllers.recent('ljungsten')
  if (snapshot === undefined) throw new Error('there is no controller ljungsten')
  const [before, now] = ['0701754599', 'tel:+46-70-175-45-99'].map((id): Identity => ({ type: 'phone', id }))
  if (before === undefined || now === undefined) throw new Error('no numbers')
  await storeUnderForm(ledger.local.ledger, vaultScope(snapshot), before)
  await say(before, 'given')
  await say(now, 'withdrawn')
  const proof = await ask(now, 'proofs')
  expect([proof.status, proof.json.question.subject, proof.json.answer.status]).toEqual([200, before, 'Withdrawn'])
  expect((await erase(now)).json).toMatchObject({ outcome: 'erased', events: 2 })
})

test('who was recorded under such a spelling before stays the same subject, is proven and is erased under it', async () => {
  const snapshot = await ledger.local.ledger.controllers.recent('ljungsten')
  if (snapshot === undefined) throw new Error('there is no controller ljungsten')
  const before = email(`${name().replace('-', '\u2010')}@exam\u200bple.org`)
  await storeUnderForm(ledger.local.ledger, vaultScope(snapshot), before)
  await say(before, 'given')
  await say(before, 'withdrawn')
  const { json } = await ask(before, 'timeline')
  expect(json.events.map((event: { identity: Identity }) => event.identity)).toEqual([before, before])
  const proof = await ask(before, 'proofs')
  expect([proof.status, proof.json.question.subject, proof.json.answer.status]).toEqual([200, before, 'Withdrawn'])
  expect((await erase(before)).json).toMatchObject({ outcome: 'erased', events: 2 })
})

test.each(['\u200b', ' \u00ad ', '\u2060\ufe0f'])(
  '%j names nobody, and is refused wherever a person is named',
  async (id) => {
    const replies = [
      await say(email(id), 'given'),
      await erase(email(id)),
      await ask(email(id)),
      await ask(email(id), 'proofs'),
    ]
    for (const { status, json } of replies)
      expect([status, json.code, json.rule]).toEqual([400, 'invalid-request', 'empty'])
  },
)

test.each(['Ann', '+', '(-)', 'tel:'])('%j is no phone number, and is not recorded as one', async (id) => {
  const { status, json } = await say({ type: 'phone', id }, 'given')
  expect([status, json.code, json.rule, json.field]).toEqual([
    ...[400, 'invalid-request', 'no-digits'],
    '/subject/identifier/id',
  ])
})

test('who was recorded under a number without digits before is still erased', async () => {
  const snapshot = await ledger.local.ledger.controllers.recent('ljungsten')
  if (snapshot === undefined) throw new Error('there is no controller ljungsten')
  const before: Identity = { type: 'phone', id: 'unknown' }
  await storeUnderForm(ledger.local.ledger, vaultScope(snapshot), before)
  expect((await ask(before)).status).toBe(200)
  expect((await erase(before)).json.outcome).toBe('erased')
})

test('an identifier that normalisation makes longer than 256 characters is refused', async () => {
  const { status, json } = await say(email('\ufdfa'.repeat(20)), 'given')
  expect([status, json.code, json.rule]).toEqual([400, 'invalid-request', 'too-long'])
})
