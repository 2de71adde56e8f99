/** Spellings that look alike are one person, over HTTP: also for people who were recorded before the ledger knew that. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Identity } from '../../shared/consent/event.ts'
import { audit, bearer, decisionEvent, record } from '../support/demo-calls.ts'
import { storeUnderFirstForm } from '../support/first-form-row.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

async function say(identifier: Identity, verb: string) {
  const event = {
    ...decisionEvent(ledger, { decisions: [{ purposeId: 'statistics', verb }] }),
    subject: { identifier },
  }
  const headers = bearer(await ledger.token('consent.write', 'ljungsten', 'case-system'))
  return record(ledger, { ...event, occurredAt: ledger.now(), sentAt: ledger.now() }, 'ljungsten/back-office', headers)
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

test('who was recorded under such a spelling before stays the same subject, is proven and is erased under it', async () => {
  const snapshot = await ledger.local.ledger.controllers.recent('ljungsten')
  if (snapshot === undefined) throw new Error('there is no controller ljungsten')
  const before = email(`${name().replace('-', '\u2010')}@exam\u200bple.org`)
  await storeUnderFirstForm(ledger.local.ledger, { controller: 'ljungsten', secrets: snapshot.secrets }, before)
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
    for (const { status, json } of replies) expect([status, json.code]).toEqual([400, 'invalid-request'])
  },
)
