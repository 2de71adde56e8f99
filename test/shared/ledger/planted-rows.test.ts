/** Rows that cannot be read in the vault and beside what a controller published: each takes away its own part, and nothing else. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { askStatuses } from '../../../shared/ledger/answers/statuses-for-subject.ts'
import { claimedControllers, claimsPk } from '../../../shared/ledger/controllers/provider-claims.ts'
import { eraseSubject } from '../../../shared/ledger/erasure/erase-subject.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { vaultScope } from '../../../shared/ledger/vault/subject-keys.ts'
import { vaultKey } from '../../../shared/ledger/vault/vault.ts'
import { memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { memoryEraser } from '../../support/memory-vault.ts'

const now = '2026-11-22T12:00:00.000Z'
const person = { type: 'email', id: 'kim@example.org' }
const topic = { purposeId: 'newsletter' }

async function world() {
  const ledger = memoryLedger(now)
  const snapshot = await seeded(ledger)
  const scope = vaultScope(snapshot)
  const say = async (verb: 'given' | 'refused', at: string) => {
    ledger.setNow(at)
    const event = { eventId: randomUUID(), occurredAt: at, decisions: [{ ...topic, verb }] }
    const [outcome] = (
      await recordEvents(ledger, snapshot, [submission(event, { identity: person, assurance: 'operator' })])
    ).outcomes
    return outcome?.outcome === 'refused' ? outcome.error.code : outcome?.outcome
  }
  const ask = async (at: string) => {
    ledger.setNow(at)
    const fresh = (await ledger.controllers.current('acme')) ?? snapshot
    const { consents, unreadable } = await askStatuses(ledger, fresh, person, [topic], { at, knownAt: at, askedAt: at })
    return { status: consents[0]?.status, unreadable }
  }
  return { ledger, scope, pk: vaultKey(scope, person), say, ask }
}

const garbage = new Uint8Array(60)
const keys = { sub: garbage, proof: garbage, context: garbage }

describe('in the vault', () => {
  test.each([
    ['garbage', { year: 2026, ...keys }],
    ['no year', keys],
    ['a year before all', { ...keys, year: -1_000_000 }],
    ['texts', { year: 2026, sub: 'x', proof: 'y', context: 'z' }],
  ])('a row of a person before their first event: %s', async (_, values) => {
    const { ledger, pk, say, ask, scope } = await world()
    await ledger.vault.insert([{ pk, sk: 'subject', values }])
    expect(await ask(now)).toEqual({ status: 'Undetermined', unreadable: [{ code: 'keys-unreadable' }] })
    expect(await say('given', now)).toBe('keys-unreadable')
    const reason = { ground: 'order', scope: 'subject' } as const
    expect(await eraseSubject(memoryEraser(ledger), scope, person, reason)).toMatchObject({ events: 0 })
    expect([await say('given', now), (await ask(now)).status]).toEqual(['recorded', 'Given'])
  })

  it('a row of a year: what was said in others is read, and what cannot be sealed is refused by name', async () => {
    const { ledger, pk, say, ask, scope } = await world()
    await say('given', now)
    await ledger.vault.insert([{ pk, sk: 'year#2027', values: { year: 2027, proof: garbage, context: garbage } }])
    expect(await ask('2027-02-01T00:00:00.000Z')).toEqual({ status: 'Given', unreadable: undefined })
    expect(await say('refused', '2027-02-01T00:00:00.000Z')).toBe('keys-unreadable')
    const reason = { ground: 'order', scope: 'subject' } as const
    expect(await eraseSubject(memoryEraser(ledger), scope, person, reason)).toMatchObject({ subjects: 1, events: 1 })
  })

  it('a row of a year that came to be unreadable: its events are named, and may be anything', async () => {
    const { ledger, pk, say, ask } = await world()
    await say('given', now)
    await say('refused', '2027-02-01T00:00:00.000Z')
    const [row] = await ledger.vault.get([{ pk, sk: 'year#2027' }])
    if (row === undefined) throw new Error('no such year')
    ledger.vault.replace({ ...row, values: { ...row.values, proof: garbage } })
    const { status, unreadable } = await ask('2027-03-01T00:00:00.000Z')
    expect([status, unreadable?.map(({ code }) => code)]).toEqual(['Undetermined', ['event-unreadable']])
  })
})

const policy = 'acme#policy#privacy'
const version = async (ledger: ReturnType<typeof memoryLedger>) => {
  const [item] = await ledger.entries.get([{ pk: policy, sk: 'version#1' }])
  return JSON.parse(String(item?.values.record))
}

describe('beside what a controller published', () => {
  test.each<[string, string, (record: Record<string, unknown>) => unknown]>([
    ['no JSON', 'version#2', () => '{'],
    ['no record', 'version#2', () => null],
    ['purposes that are none', 'version#2', (v) => ({ ...v, version: '2', purposes: {} })],
    ['an instant that is none', 'version#2', (v) => ({ ...v, version: '2', notBefore: 'soon' })],
    ['the record of another version', 'version#2', (v) => v],
    ['the record of another policy', 'version#2', (v) => ({ ...v, version: '2', policyId: 'terms' })],
    ['a retraction of another version', 'retracted#2', () => ({ version: '1', retractedAt: now, reason: '' })],
  ])('%s under %s: a yes is no longer certain, and a no stays', async (_, sk, recordOf) => {
    const { ledger, say, ask } = await world()
    await say('given', now)
    const record = recordOf(await version(ledger))
    const values = { record: typeof record === 'string' ? record : JSON.stringify(record) }
    await ledger.entries.insert([{ pk: policy, sk, values }])
    const unreadable = [{ code: 'publication-unreadable', policyId: 'privacy', name: sk }]
    expect(await ask(now)).toEqual({ status: 'Undetermined', unreadable })
    await say('refused', '2026-11-22T12:00:01.000Z')
    expect(await ask('2026-11-22T12:00:02.000Z')).toEqual({ status: 'Withdrawn', unreadable })
  })

  it('a site, a presentation or a claim that cannot be read is none', async () => {
    const { ledger, say, ask } = await world()
    await say('given', now)
    await ledger.entries.insert([
      { pk: 'acme#controller', sk: 'site#evil', values: { record: '{"site":"evil"}' } },
      { pk: 'acme#controller', sk: 'site#other', values: { record: '[' } },
      { pk: policy, sk: 'presentation#evil', values: { record: '{}' } },
      { pk: claimsPk, sk: 'evil', values: { record: 'null' } },
    ])
    expect(await ask(now)).toEqual({ status: 'Given', unreadable: undefined })
    expect([...((await ledger.controllers.current('acme'))?.sites.keys() ?? [])]).toEqual(['web'])
    expect(await claimedControllers(ledger.entries)).toEqual(['acme'])
  })
})
