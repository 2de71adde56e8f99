/** Which ends of consents are announced, when, and to whom. */
import { describe, expect, it } from 'vitest'
import { publishVersion } from '../../../../shared/ledger/controllers/publish-policies.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { endName } from '../../../../shared/ledger/expiry/expiry-items.ts'
import { recordMandate } from '../../../../shared/ledger/mandates/record-mandate.ts'
import { versionDraft } from '../../../support/memory-ledger.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { day, type ExpiryWorld, expiryWorld, given, policyId, purposes } from './expiry-world.ts'

const both = { types: ['consent.expired', 'consent.expiring'], expiringDays: 10 } as const

interface Case {
  readonly what: string
  readonly happens: (world: ExpiryWorld) => Promise<unknown>
  /** On which days the job runs. @default 1, 21, 31 */
  readonly runs?: readonly number[]
  /** When the endpoint is made. @default 0 */
  readonly asksAt?: number
  readonly expected: readonly string[]
}

const cases: readonly Case[] = [
  {
    what: 'a yes ends by its validity, and is announced before and then',
    happens: (world) => world.say('ada', given('mail')),
    expected: ['expiring mail 30', 'expired mail 30'],
  },
  {
    what: 'each purpose of an event ends by itself; one without validity never',
    happens: (world) => world.say('ada', given('mail', 'calls', 'cookies')),
    runs: [1, 15, 19.99, 20.5, 25, 31],
    expected: ['expiring calls 20', 'expired calls 20', 'expiring mail 30', 'expired mail 30'],
  },
  {
    what: 'a renewal moves the end',
    async happens(world) {
      await world.say('ada', given('mail'))
      await world.run()
      world.at(15)
      await world.say('ada', given('mail'))
    },
    runs: [16, 21, 31, 36, 45.5],
    expected: ['expiring mail 45', 'expired mail 45'],
  },
  {
    what: 'a withdrawal before the end: nothing',
    async happens(world) {
      await world.say('ada', given('mail'))
      await world.run()
      world.at(29)
      await world.say('ada', [{ purposeId: 'mail', verb: 'withdrawn' }])
    },
    runs: [31, 35],
    expected: [],
  },
  {
    what: 'a withdrawal in the last minute before the end: nothing',
    async happens(world) {
      await world.say('ada', given('mail'))
      await world.run()
      world.at(29.9999)
      await world.say('ada', [{ purposeId: 'mail', verb: 'withdrawn' }])
    },
    runs: [30.01],
    expected: [],
  },
  {
    what: 'a refusal has no end',
    happens: (world) => world.say('ada', [{ purposeId: 'mail', verb: 'refused' }]),
    expected: [],
  },
  {
    what: 'a consent that waits for its confirmation has no end; a confirmed one counts from the confirmation',
    async happens(world) {
      await world.say('ada', given('twice'))
      await world.say('bo', given('twice'))
      await world.run()
      world.at(5)
      await world.say('bo', [{ purposeId: 'twice', verb: 'confirmed' }], {}, { assurance: 'operator' })
    },
    runs: [6, 26, 31, 36],
    expected: ['expiring twice 35', 'expired twice 35'],
  },
  {
    what: 'an anonymous consent ends after 13 months at the latest',
    happens: (world) =>
      world.say('', given('cookies'), {}, { identity: { type: 'device', id: 'd' }, assurance: 'anonymous' }),
    asksAt: 380,
    runs: [380.1, 387, 395.9, 396.1],
    expected: ['expiring cookies 396', 'expired cookies 396'],
  },
  {
    what: 'a consent of a guardian ends when the person comes of age',
    async happens(world) {
      const mandateId = '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90'
      const covers = { kind: 'listed', purposeIds: ['mail'], policyIds: [] } as const
      const mandate = { mandateId, kind: 'guardian', ground: 'parental-responsibility', covers } as const
      const terms = { ...mandate, from: day(-1), until: day(100), comesOfAgeAt: day(12) }
      const by = { issuer: 'urn:test', client: 'registrar' }
      await recordMandate(world.ledger, world.scope, { type: 'account', id: 'child' }, terms, by)
      await world.say('child', given('mail'), { actor: { role: 'guardian', mandateId } })
    },
    runs: [1, 3, 12.5, 31],
    expected: ['expiring mail 12', 'expired mail 12'],
  },
  {
    what: 'an erased person: nothing',
    async happens(world) {
      await world.say('ada', given('mail'))
      await world.run()
      const eraser = { ...memoryEraser(world.ledger), entries: world.ledger.entries }
      await eraseSubject(
        eraser,
        world.scope,
        { type: 'account', id: 'ada' },
        { ground: 'data-subject-request', scope: 'subject' },
      )
    },
    expected: [],
  },
  {
    what: 'a job that was down for months tells what ended, late, and not what would have been ahead',
    happens: (world) => world.say('ada', given('mail')),
    runs: [60],
    expected: ['expired mail 30'],
  },
  {
    what: 'a renewal that came after the end and before the job: nothing about the first end',
    async happens(world) {
      await world.say('ada', given('mail'))
      await world.run()
      world.at(32)
      await world.say('ada', given('mail'))
    },
    runs: [33, 63],
    expected: ['expired mail 62'],
  },
  {
    what: 'an end by a major version is announced by that version alone',
    async happens(world) {
      await world.say('ada', given('mail'))
      await world.run()
      const kept = purposes.map((each) => (each.purposeId === 'mail' ? { ...each, retention: 'P2Y' } : each))
      const changes = [{ purposeId: 'mail', level: 'major' as const, reason: 'kept longer' }]
      const draft = versionDraft({ policyId, version: '2', purposes: kept, changes, effectiveFrom: day(25) })
      await publishVersion(world.ledger, 'acme', draft)
    },
    runs: [21, 26, 31],
    expected: [],
  },
  {
    what: 'a consent to a shorter text falls back to an earlier one that still stands, and ends with that',
    async happens(world) {
      await world.say('ada', given('mail'))
      const shorter = purposes.map((each) => (each.purposeId === 'mail' ? { ...each, validity: 'P10D' } : each))
      const changes = [{ purposeId: 'mail', level: 'minor' as const, reason: 'asked for more often' }]
      const next = { policyId, version: '2', purposes: shorter, changes, level: 'minor' as const }
      await publishVersion(world.ledger, 'acme', versionDraft({ ...next, effectiveFrom: day(2) }))
      world.at(3)
      await world.say('ada', given('mail'), { shown: [{ policyId, version: '2', locale: 'en' }] })
    },
    runs: [4, 12, 13.5, 21, 30.5],
    expected: ['expiring mail 30', 'expired mail 30'],
  },
]

describe('ends of consents', () => {
  it.each(cases)('$what', async ({ happens, runs = [1, 21, 31], asksAt = 0, expected }) => {
    const world = await expiryWorld()
    if (asksAt === 0) await world.endpoint('crm', both)
    await happens(world)
    world.at(asksAt)
    if (asksAt > 0) await world.endpoint('crm', both)
    for (const at of runs) {
      world.at(at)
      await world.run()
    }
    expect(await world.told('crm')).toEqual(expected)
  })
})

it('two people’s ends of one purpose at one instant have different names, and no key of the controller makes either', async () => {
  const world = await expiryWorld()
  await world.endpoint('crm', both)
  for (const person of ['ada', 'bo']) await world.say(person, given('mail'))
  await world.run()
  const { items } = await world.ledger.stored.scan()
  const names = items.flatMap(({ sk }) => (sk.startsWith('due#') ? [sk.slice(4)] : []))
  expect(new Set(names).size).toBe(2)
  const { dataKey, pepper, noticeKey } = world.scope.secrets
  for (const id of [dataKey, pepper, noticeKey])
    expect(names).not.toContain(endName({ id, controller: 'acme' }, 'mail', day(30)))
})

describe('to whom', () => {
  it('nothing is read or stored while no enabled endpoint asks', async () => {
    const world = await expiryWorld()
    await world.endpoint('other', { types: ['consent.given'] })
    await world.endpoint('off', { state: 'disabled' })
    await world.say('ada', given('mail'))
    world.at(31)
    expect(await world.run()).toEqual({ leaves: 0, ends: 0, notices: 0, hasMore: false })
    // It was disabled, and loses nothing.
    await world.change('off', 2)
    await world.run()
    expect(await world.told('off')).toEqual([])
  })

  it('each endpoint hears of its own days ahead, of its own purposes, and a new number of days at once', async () => {
    const world = await expiryWorld()
    await world.endpoint('ten', both)
    await world.endpoint('calls', { types: ['consent.expired'], purposes: ['calls'] })
    await world.say('ada', given('mail', 'calls'))
    await world.run()
    await world.endpoint('long', { types: ['consent.expiring'], expiringDays: 60 })
    world.at(0.1)
    await world.run()
    for (const at of [15, 25, 31]) {
      world.at(at)
      await world.run()
    }
    expect(await world.told('long')).toEqual(['expiring calls 20', 'expiring mail 30'])
    expect(await world.told('calls')).toEqual(['expired calls 20'])
    expect(await world.told('ten')).toEqual([
      'expiring calls 20',
      'expired calls 20',
      'expiring mail 30',
      'expired mail 30',
    ])
  })

  it('what was over when the first endpoint asked is not told; what stands from before is', async () => {
    const world = await expiryWorld()
    await world.say('ada', given('mail', 'calls'))
    world.at(25)
    await world.endpoint('crm', both)
    for (const at of [25.1, 31]) {
      world.at(at)
      await world.run()
    }
    expect(await world.told('crm')).toEqual(['expiring mail 30', 'expired mail 30'])
  })

  it('a message says what that of the yes said, where it is, when the consent ends, and where to ask', async () => {
    const world = await expiryWorld()
    await world.endpoint('crm', { types: ['consent.given', 'consent.expired', 'consent.expiring'] })
    await world.endpoint('fat', { payload: 'fat' })
    await world.say('ada', given('calls', 'mail'))
    for (const at of [1, 31]) {
      world.at(at)
      await world.run()
    }
    const messages = await world.messages('crm')
    expect(messages.map(({ type }) => type).toSorted()).toEqual([
      ...[
        'consent.expired',
        'consent.expired',
        'consent.expiring',
        'consent.expiring',
        'consent.given',
        'consent.given',
      ],
    ])
    const yes = messages.find(({ type, data }) => type === 'consent.given' && data.purposeId === 'mail')
    const end = messages.find(({ type, data }) => type === 'consent.expired' && data.purposeId === 'mail')
    expect(end).toEqual({
      type: 'consent.expired',
      timestamp: day(31),
      data: {
        ...{
          controller: 'acme',
          endpoint: 'crm',
          subject: yes?.data.subject,
          purposeId: 'mail',
          policyId,
          version: '1',
        },
        ...{ leaf: expect.any(Number), sequence: expect.any(Number), regime: yes?.data.regime, id: expect.any(String) },
        ...{
          expiresAt: day(30),
          given: yes?.data.leaf,
          ask: expect.stringContaining('https://ledger.example/v1/deliveries/'),
        },
      },
    })
    expect(messages.find(({ type }) => type === 'consent.expiring')?.data.days).toBe(30)
    const fat = (await world.messages('fat'))[0]
    expect(fat?.data.identifier).toEqual({ type: 'account', id: 'ada' })
    // From any leaf the same messages come again.
    expect((await world.messages('crm', yes?.data.leaf)).map(({ data }) => data.leaf)).toEqual(
      messages.map(({ data }) => data.leaf),
    )
  })
})

describe('what the tables and the log show', () => {
  it('there is one notice an hour, with ends or without, of one length, and no key names a person, a purpose or an hour of an end', async () => {
    const world = await expiryWorld()
    await world.endpoint('crm', both)
    const { key } = await world.say('ada', given('mail'))
    const notices = []
    for (const at of [0.001, 0.01, 29, 30.1, 30.11]) {
      world.at(at)
      notices.push((await world.run()).notices)
    }
    expect(notices).toEqual([1, 0, 1, 1, 0])
    const items = []
    for (let after: { pk: string; sk: string } | undefined; ; ) {
      const page = await world.ledger.stored.scan(after)
      items.push(...page.items)
      after = page.next
      if (after === undefined) break
    }
    const own = items.filter(({ pk }) => pk === 'acme#expiry' || pk.startsWith('acme#expires#'))
    const lengths = own.flatMap(({ pk, values }) =>
      pk === 'acme#expiry' ? [(values.payload as Uint8Array).length] : [],
    )
    expect(new Set(lengths).size).toBe(1)
    // The hour of a notice is that of its run.
    const clear = JSON.stringify(own.map(({ pk, sk, values: { payload: _, hour: __, ...rest } }) => ({ pk, sk, rest })))
    expect(clear).not.toContain(key.pk.slice('acme#'.length))
    expect(clear).not.toContain('mail')
    expect(clear).not.toContain(day(30).slice(0, 10))
    expect(own.length).toBeGreaterThan(5)
  })
})
