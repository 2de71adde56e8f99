/** Subjects whose vault rows were named by an earlier version of the identifiers' forms: they stay who they are, and are erased whole. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../../../../shared/consent/event.ts'
import { readEvents } from '../../../../shared/ledger/answers/answers-for-subject.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Key } from '../../../../shared/ledger/store.ts'
import { type VaultScope, vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import {
  readsKeyOf,
  storedSubject,
  subjectKeysForReading,
  vaultKey,
  vaultNames,
} from '../../../../shared/ledger/vault/vault.ts'
import { storeUnderForm } from '../../../support/earlier-form-row.ts'
import { memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'

const now = '2026-11-22T12:00:00.500Z'
const clean: Identity = { type: 'email', id: 'ann-lee@example.org' }
/** What version 1 made of it: a dash that only looks like one, and a zero-width space. */
const dirty: Identity = { type: 'email', id: 'ann\u2010lee@example\u200b.org' }

async function bench() {
  const ledger = memoryLedger(now)
  const snapshot = await seeded(ledger)
  const scope: VaultScope = vaultScope(snapshot)
  const write = async (identity: Identity, announcedNew = false) => {
    const one = submission({ eventId: randomUUID() }, { identity, announcedNew, assurance: 'operator' })
    const [outcome] = (await recordEvents(ledger, snapshot, [one])).outcomes
    if (outcome === undefined || outcome.outcome === 'refused') throw outcome?.error
    return outcome.opened.event
  }
  const subOf = async (identity: Identity) => (await subjectKeysForReading(ledger, scope, identity))?.sub
  const read = (identity: Identity) => readEvents(ledger, snapshot, identity)
  const erase = (identity: Identity) =>
    eraseSubject(memoryEraser(ledger), scope, identity, { ground: 'data-subject-request', scope: 'subject' })
  return { ledger, snapshot, scope, write, subOf, read, erase }
}

describe('a subject stored under version 1', () => {
  it('stays the same subject when it writes again, also when it is announced as new, under the form that its events have', async () => {
    const b = await bench()
    await storeUnderForm(b.ledger, b.scope, dirty)
    const sub = await b.subOf(dirty)
    const events = [await b.write(dirty), await b.write(dirty, true)]
    expect(events.map(({ identity }) => identity)).toEqual([dirty, dirty])
    expect(await b.subOf(dirty)).toBe(sub)
    const { opened, identity } = await b.read(dirty)
    expect([opened.length, identity]).toEqual([2, dirty])
    expect(readsKeyOf(b.scope, await storedSubject(b.ledger, b.scope, dirty))?.sub).toBe(sub)
    expect((await b.ledger.vault.query(vaultKey(b.scope, clean))).items).toEqual([])
  })

  it('keeps its keys of later years under its own name', async () => {
    const b = await bench()
    await storeUnderForm(b.ledger, b.scope, dirty)
    await b.write(dirty)
    b.ledger.setNow('2028-02-01T00:00:00.000Z')
    await b.write(dirty)
    b.ledger.setNow('2029-02-01T00:00:00.000Z')
    expect((await b.read(dirty)).opened).toHaveLength(2)
    expect((await b.ledger.vault.query(vaultKey(b.scope, dirty))).items.map(({ sk }) => sk)).toEqual([
      'subject',
      'year#2028',
    ])
  })

  it('is erased together with the one who has the current name', async () => {
    const b = await bench()
    await storeUnderForm(b.ledger, b.scope, dirty)
    await b.write(dirty)
    await b.write(clean)
    expect(await b.subOf(clean)).not.toBe(await b.subOf(dirty))
    expect(await b.erase(dirty)).toMatchObject({ subjects: 2, events: 2 })
    for (const { pk } of await vaultNames(b.scope, dirty)) expect((await b.ledger.vault.query(pk)).items).toEqual([])
  })

  it('costs no more calls to read, and each form one look', async () => {
    const b = await bench()
    await storeUnderForm(b.ledger, b.scope, dirty)
    await b.write(clean)
    const looks: number[] = []
    const get = (keys: readonly Key[]) => {
      looks.push(keys.length)
      return b.ledger.vault.get(keys)
    }
    const counted = { ...b.ledger, vault: { ...b.ledger.vault, get } }
    await subjectKeysForReading(counted, b.scope, dirty)
    await subjectKeysForReading(counted, b.scope, clean)
    for (const id of ['+46701234567', '112']) await subjectKeysForReading(counted, b.scope, { type: 'phone', id })
    expect(looks).toEqual([4, 2, 8, 2])
  })
})

/** The spelling of the time, the form of version 2 that named its row, and other spellings of the same person. */
const ofVersion2: readonly [type: string, spelling: string, form: string, ...others: string[]][] = [
  [
    'phone',
    '070-123 45 67',
    '0701234567',
    '+46701234567',
    '+46 (0)70 123 45 67',
    '0046 70 1234567',
    'tel:+46-70-123-45-67',
  ],
  ['phone', '+46 (0)70-123 45 67', '+460701234567', '+46701234567', '070-123 45 67'],
  ['phone', '0046 70 123 45 67', '0046701234567', '+46701234567', '070/123 45 67'],
  ['phone', '08-123 456 78 ext. 9', '0812345678ext9', '08-123 456 78 ext. 9'],
  [
    'email',
    'ann@Bücher.example',
    'ann@bücher.example',
    'ann@xn--bcher-kva.example',
    'ANN@bücher.example.',
    'ann@bu\u0308cher.example',
  ],
  ['email', 'ann@XN--BCHER-KVA.example', 'ann@xn--bcher-kva.example', 'ann@bücher.example'],
  ['email', 'mailto:ann@example.org', 'mailto:ann@example.org', 'MAILTO:ann@example.org'],
]

describe.each(ofVersion2)('a subject stored under version 2, as %s %j', (type, spelling, form, ...others) => {
  it.each([spelling, ...others])('is found, written to and erased as %j, and no event is rewritten', async (given) => {
    const b = await bench()
    const [stored, now] = [
      { type, id: form },
      { type, id: given },
    ]
    await storeUnderForm(b.ledger, b.scope, stored)
    const sub = await b.subOf(stored)
    const before = await b.write({ type, id: spelling })
    const rows = await b.ledger.entries.query(`acme#${sub}`)
    expect([(await b.write(now, true)).identity, before.identity]).toEqual([stored, stored])
    expect([await b.subOf(now), (await b.read(now)).opened.length]).toEqual([sub, 2])
    expect((await b.ledger.entries.query(`acme#${sub}`)).items).toEqual(expect.arrayContaining([...rows.items]))
    expect(await b.erase(now)).toMatchObject({ subjects: 1, events: 2 })
    for (const each of [stored, now])
      for (const { pk } of await vaultNames(b.scope, each)) expect((await b.ledger.vault.query(pk)).items).toEqual([])
  })
})

describe('two subjects of one person, from when two spellings were two people', () => {
  const forms = ['0701234567', '+46701234567'].map((id): Identity => ({ type: 'phone', id }))

  it('are each found by their own spelling, the one of the current form by all others, and erased together', async () => {
    const b = await bench()
    for (const form of forms) await storeUnderForm(b.ledger, b.scope, form)
    const subs = await Promise.all(forms.map(b.subOf))
    expect(new Set(subs).size).toBe(2)
    expect(await b.subOf({ type: 'phone', id: '0046701234567' })).toBe(subs[1])
    for (const form of forms) await b.write(form)
    expect(await b.erase({ type: 'phone', id: 'tel:+46-70-1234567' })).toMatchObject({ subjects: 2, events: 2 })
    expect(await Promise.all(forms.map(b.subOf))).toEqual([undefined, undefined])
  })

  it('a number of another country is another person', async () => {
    const b = await bench()
    await storeUnderForm(b.ledger, b.scope, { type: 'phone', id: '0701234567' })
    expect(await b.subOf({ type: 'phone', id: '+49701234567' })).toBeUndefined()
    const abroad = { ...b.scope, country: 'DE' }
    expect(await subjectKeysForReading(b.ledger, abroad, { type: 'phone', id: '+46701234567' })).toBeUndefined()
  })
})

it('a person who is new is one subject, in whatever spellings several write at once', async () => {
  const b = await bench()
  const spellings = [
    dirty,
    clean,
    { ...clean, id: 'ANN\u2013LEE@example.org\u00ad' },
    { ...clean, id: '\u200fann-lee@ex\ufeffample.org' },
  ]
  const events = await Promise.all(spellings.flatMap((each) => [b.write(each), b.write(each, true)]))
  expect(events.map(({ identity }) => identity)).toEqual(events.map(() => clean))
  expect(new Set(await Promise.all(spellings.map(b.subOf))).size).toBe(1)
  expect((await b.read(dirty)).opened).toHaveLength(events.length)
  expect(await b.erase(dirty)).toMatchObject({ subjects: 1, events: events.length })
})

it('an unknown person stays unknown in every spelling', async () => {
  const b = await bench()
  expect([await b.subOf(dirty), readsKeyOf(b.scope, await storedSubject(b.ledger, b.scope, dirty))]).toEqual([
    undefined,
    undefined,
  ])
  expect(await b.erase(dirty)).toMatchObject({ subjects: 0, events: 0 })
})
