/** Subjects whose vault rows were named by version 1 of the identifiers' forms: they stay who they are, and are erased whole. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../../../shared/consent/event.ts'
import { readEvents } from '../../../shared/ledger/answers-for-subject.ts'
import { eraseSubject } from '../../../shared/ledger/erase-subject.ts'
import { recordEvents } from '../../../shared/ledger/record-events.ts'
import type { Key } from '../../../shared/ledger/store.ts'
import type { VaultScope } from '../../../shared/ledger/subject-keys.ts'
import { readsKeyOf, storedSubject, subjectKeysForReading, vaultKey, vaultNames } from '../../../shared/ledger/vault.ts'
import { storeUnderFirstForm } from '../../support/first-form-row.ts'
import { memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { memoryEraser } from '../../support/memory-vault.ts'

const now = '2026-11-22T12:00:00.500Z'
const clean: Identity = { type: 'email', id: 'ann-lee@example.org' }
/** What version 1 made of it: a dash that only looks like one, and a zero-width space. */
const dirty: Identity = { type: 'email', id: 'ann\u2010lee@example\u200b.org' }

async function bench() {
  const ledger = memoryLedger(now)
  const snapshot = await seeded(ledger)
  const scope: VaultScope = { controller: 'acme', secrets: snapshot.secrets }
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
    await storeUnderFirstForm(b.ledger, b.scope, dirty)
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
    await storeUnderFirstForm(b.ledger, b.scope, dirty)
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
    await storeUnderFirstForm(b.ledger, b.scope, dirty)
    await b.write(dirty)
    await b.write(clean)
    expect(await b.subOf(clean)).not.toBe(await b.subOf(dirty))
    expect(await b.erase(dirty)).toMatchObject({ subjects: 2, events: 2 })
    for (const { pk } of vaultNames(b.scope, dirty)) expect((await b.ledger.vault.query(pk)).items).toEqual([])
  })

  it('costs no more calls to read, and a person of one form one look', async () => {
    const b = await bench()
    await storeUnderFirstForm(b.ledger, b.scope, dirty)
    await b.write(clean)
    const looks: number[] = []
    const get = (keys: readonly Key[]) => {
      looks.push(keys.length)
      return b.ledger.vault.get(keys)
    }
    const counted = { ...b.ledger, vault: { ...b.ledger.vault, get } }
    await subjectKeysForReading(counted, b.scope, dirty)
    await subjectKeysForReading(counted, b.scope, clean)
    expect(looks).toEqual([4, 2])
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
