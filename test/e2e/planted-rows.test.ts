/**
 * One row that does not open, planted under a living subject by someone who may only insert: every route that reads that person
 * answers 200, names the row, never says yes, and keeps every no. The keys that seal the well-sealed plants are the ledger's own.
 */
import { randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it, test, vi } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { sealBytes } from '../../shared/ledger/derived-keys.ts'
import { sealPayload } from '../../shared/ledger/sealed-payload.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { type SubjectKeys, vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading } from '../../shared/ledger/vault/vault.ts'
import { policyOfKeys, verifyFile } from '../../shared/verify/verify.ts'
import { C15tClient } from '../support/c15t-calls.ts'
import { audit, bearer, device, record, visitorEvent } from '../support/demo-calls.ts'
import { expectRefusal } from '../support/refusals.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

interface Victim {
  readonly secret: string
  readonly keys: SubjectKeys
  /** The row of an event of theirs. */
  readonly row: Item
}

async function keysOf(secret: string): Promise<SubjectKeys> {
  const snapshot = await ledger.local.ledger.controllers.recent('ljungsten')
  if (snapshot === undefined) throw new Error('no demo world')
  const scope = vaultScope(snapshot)
  const keys = await subjectKeysForReading(ledger.local.ledger, scope, deviceIdentity(secret))
  if (keys === undefined) throw new Error('no such subject')
  return keys
}

/** Somebody who said yes to statistics, no to marketing, and accepted the terms. */
async function aVictim(): Promise<Victim> {
  const secret = aDeviceSecret()
  const decisions = [
    { purposeId: 'statistics', verb: 'given' },
    { purposeId: 'marketing-cookies', verb: 'refused' },
    { policyId: 'general-terms', verb: 'accepted' },
  ]
  expect((await record(ledger, visitorEvent(ledger, secret, { decisions }))).status).toBe(201)
  return { secret, ...(await rowOf(secret)) }
}

async function rowOf(secret: string): Promise<Omit<Victim, 'secret'>> {
  const keys = await keysOf(secret)
  const { items } = await ledger.local.ledger.entries.query(keys.pk, { prefix: 'event#' })
  const [row] = items
  if (row === undefined) throw new Error('no event')
  return { keys, row }
}

const sealKey = ({ keys }: Victim) => {
  const [year] = keys.years.values()
  if (year === undefined) throw new Error('no year')
  return year.proof.seal
}
/** Format 2: no atoms, and what inflates to 64 MiB. */
const bomb = () => Buffer.concat([Buffer.of(0, 0), deflateRawSync(Buffer.alloc(64 * 1024 * 1024))])

type Values = Item['values']
const without = (values: Values, name: string): Values =>
  Object.fromEntries(Object.entries(values).filter(([each]) => each !== name))

/** What is planted in the place of the values of a sound row, under another sort key. */
const plants: [what: string, values: (victim: Victim, at: Item) => Values | Promise<Values>][] = [
  ['garbage for a payload', ({ row }) => ({ ...row.values, payload: randomBytes(200) })],
  ['the payload of another place', ({ row }) => row.values],
  ['a truncated payload', ({ row }) => ({ ...row.values, payload: Uint8Array.of(2, 1) })],
  ['an empty payload', ({ row }) => ({ ...row.values, payload: new Uint8Array() })],
  [
    'the payload of another subject',
    async ({ row }) => ({ ...row.values, payload: (await aVictim()).row.values.payload ?? '' }),
  ],
  ['a format that nobody knows', ({ row }) => ({ ...row.values, payload: Uint8Array.of(9, ...randomBytes(100)) })],
  ['a text for a payload', ({ row }) => ({ ...row.values, payload: 'given' })],
  ['no payload', ({ row }) => without(row.values, 'payload')],
  ['no leaf', ({ row }) => without(row.values, 'leaf')],
  ['a number for a leaf', ({ row }) => ({ ...row.values, leaf: 7 })],
  ['no hour', ({ row }) => without(row.values, 'hour')],
  ['an hour of a year to come', ({ row }) => ({ ...row.values, hour: '2097-01-01T00', payload: randomBytes(99) })],
  ['an hour that is none', ({ row }) => ({ ...row.values, hour: '\u0000\n2026' })],
  ['nothing at all', () => ({})],
  [
    'a deflate bomb, well sealed',
    (victim, { pk, sk, values }) => ({
      ...values,
      payload: sealBytes(sealKey(victim), bomb(), `${pk}\n${sk}`, randomBytes, 2),
    }),
  ],
  ...[[], {}, { eventId: 'x' }, { decisions: [null], times: 0 }].map((content): (typeof plants)[number] => [
    `a content of another form, well sealed: ${JSON.stringify(content)}`,
    (victim, at) => ({ ...at.values, payload: sealPayload(content, sealKey(victim), at, randomBytes, 160) }),
  ]),
]

async function plant(victim: Victim, values: (typeof plants)[number][1]): Promise<string> {
  const receiptId = randomBytes(16).toString('base64url')
  const at = { pk: victim.row.pk, sk: `event#${receiptId}`, values: victim.row.values }
  const [result] = await ledger.local.ledger.entries.insert([{ ...at, values: await values(victim, at) }])
  expect(result?.outcome).toBe('inserted')
  return receiptId
}

const verified = (text: string) => verifyFile(text, policyOfKeys(ledger.local.logKeys('ljungsten')))

describe.each(plants)('%s', (_, values) => {
  test('stops no answer, is named in each, permits nothing and changes no refusal', async () => {
    const victim = await aVictim()
    const { secret } = victim
    const receiptId = await plant(victim, values)
    const named = { unreadable: [{ code: 'event-unreadable', receiptId }] }
    const subject = deviceIdentity(secret)
    const key = siteKeyOf(ledger, 'ljungsten/web')

    const own = await ledger.get(`/v1/me/consents?key=${key}`, device(secret))
    const asked = await audit(ledger, 'consents', { subject })
    for (const { status, json } of [own, asked]) {
      expect([status, json]).toEqual([200, expect.objectContaining(named)])
      const statuses = new Map<string, string>(
        json.consents.map((c: Record<string, string>) => [c.purposeId ?? c.policyId, c.status]),
      )
      expect(statuses.get('marketing-cookies')).toBe('Refused')
      statuses.delete('marketing-cookies')
      expect(new Set(statuses.values())).toEqual(new Set(['Undetermined']))
      for (const each of json.consents)
        expect([each.permittedByConsent ?? false, each.current]).toEqual([false, undefined])
    }

    const receipts = await ledger.get(`/v1/me/receipts?key=${key}`, device(secret))
    expect([receipts.status, receipts.json]).toEqual([200, expect.objectContaining(named)])
    expect(receipts.json.receipts).toHaveLength(1)
    const one = await ledger.get(`/v1/me/receipts?key=${key}&receiptId=${receiptId}`, device(secret))
    expectRefusal(one, { status: 409, code: 'event-unreadable', field: '/receiptId' })

    const timeline = await audit(ledger, 'timeline', { subject, purposeId: 'statistics' })
    expect([timeline.status, timeline.json]).toEqual([200, expect.objectContaining(named)])
    expect(timeline.json.changes.map((c: { status: string }) => c.status)).toEqual(['Undetermined'])
    expect(timeline.json.events).toHaveLength(1)

    const yes = await audit(ledger, 'proofs', { subject, purposeId: 'statistics' })
    expect([yes.status, yes.json.answer.status, yes.json.answer.reason]).toEqual([
      200,
      'Undetermined',
      'event-unreadable',
    ])
    expect(yes.json.unreadable).toMatchObject(named.unreadable)
    expect(await verified(yes.text)).toMatchObject({ verdict: 'undetermined', failed: { step: 'answer' } })
    const no = await audit(ledger, 'proofs', { subject, purposeId: 'marketing-cookies' })
    expect([no.status, no.json.answer.status]).toEqual([200, 'Refused'])
    expect(await verified(no.text)).toMatchObject({ verdict: 'valid' })

    // What comes later is recorded and answered, and a yes is still none.
    const later = { decisions: [{ purposeId: 'statistics', verb: 'withdrawn' }] }
    expect((await record(ledger, visitorEvent(ledger, secret, later))).status).toBe(201)
    const { json } = await audit(ledger, 'consents', { subject, purposeId: 'statistics' })
    expect(json.consents[0]).toMatchObject({ status: 'Withdrawn', permittedByConsent: false })
  })
})

it('is logged for the operator by every route that met it, in one line a request, without personal data', async () => {
  const victim = await aVictim()
  const receiptId = await plant(victim, ({ row }) => ({ ...row.values, payload: randomBytes(60) }))
  const subject = deviceIdentity(victim.secret)
  const key = siteKeyOf(ledger, 'ljungsten/web')
  const own = device(victim.secret)
  const lines: string[] = []
  const listening = vi.spyOn(console, 'error').mockImplementation((text) => lines.push(text))
  await ledger.get(`/v1/me/consents?key=${key}`, own)
  await ledger.get(`/v1/me/receipts?key=${key}`, own)
  await ledger.get(`/v1/me/receipts?key=${key}&receiptId=${receiptId}`, own)
  await audit(ledger, 'consents', { subject, purposeId: 'statistics' })
  await audit(ledger, 'timeline', { subject, purposeId: 'statistics' })
  await audit(ledger, 'proofs', { subject, purposeId: 'statistics' })
  listening.mockRestore()
  const logged = lines.map((text) => JSON.parse(text))
  const routes = ['getOwnConsents', 'getOwnReceipts', 'getOwnReceipts', 'askConsents', 'askTimeline', 'askProof']
  expect(logged.map(({ route, code }) => [route, code])).toEqual(routes.map((route) => [route, 'event-unreadable']))
  for (const name of [victim.secret, receiptId, subject.id, victim.row.pk]) expect(lines.join()).not.toContain(name)
})

it('does not stop an erasure, which leaves nothing of it', async () => {
  const victim = await aVictim()
  await plant(victim, () => ({}))
  const erasure = { controller: 'ljungsten', subject: deviceIdentity(victim.secret), ground: 'data-subject-request' }
  const { status, json } = await ledger.post('/v1/erasures', erasure, bearer(await ledger.token('consent.erase')))
  expect([status, json.events]).toEqual([200, 2])
  const { json: after } = await audit(ledger, 'consents', { subject: erasure.subject, purposeId: 'statistics' })
  expect(after.unreadable).toBeUndefined()
})

it('keeps an answer and a proof short, however many there are', async () => {
  const victim = await aVictim()
  for (let i = 0; i < 130; i++) await plant(victim, ({ row }) => ({ ...row.values, payload: randomBytes(40) }))
  const subject = deviceIdentity(victim.secret)
  const { json } = await audit(ledger, 'consents', { subject, purposeId: 'statistics' })
  expect(json.unreadable).toHaveLength(101)
  expect(json.unreadable.at(-1)).toEqual({ code: 'more-unreadable', count: 30 })
  const proof = await audit(ledger, 'proofs', { subject, purposeId: 'marketing-cookies' })
  expect(proof.json.unreadable).toHaveLength(101)
  expect(await verified(proof.text)).toMatchObject({ verdict: 'valid', answer: { status: { status: 'Refused' } } })
})

describe('c15t', () => {
  it('claims no yes, and names the row', async () => {
    const client = new C15tClient(ledger)
    expect((await client.decide({ measurement: true, marketing: true })).status).toBe(200)
    const before = await client.call('GET', `/subjects/${client.subjectId}?type=measurement`)
    expect(before.json.isValid).toBe(true)
    const found = await rowOf(client.subjectId)
    const receiptId = await plant({ secret: client.subjectId, ...found }, ({ row }) => ({
      ...row.values,
      payload: randomBytes(60),
    }))
    const { status, json } = await client.call('GET', `/subjects/${client.subjectId}`)
    expect([status, json.isValid]).toEqual([200, false])
    expect(json.unreadable).toEqual([{ code: 'event-unreadable', receiptId }])
  })
})
