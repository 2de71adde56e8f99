/**
 * Damage to what a hold is on, or to what decides how long it is kept: a row of the vault, an event, a published version, a controller. Nothing
 * goes that is protected when the item is whole, and retention goes on with others.
 */
import { describe, expect, it } from 'vitest'
import { controllerSnapshots } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { createController } from '../../../../shared/ledger/controllers/create-controller.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForWriting } from '../../../../shared/ledger/vault/vault.ts'
import {
  type Bench,
  bench,
  did,
  entriesIn,
  erase,
  holdOn,
  kim,
  lo,
  make,
  retain,
  rowsOf,
  said,
} from '../../../support/lapsing-ledger.ts'
import { controllerDraft } from '../../../support/memory-ledger.ts'
import type { MemoryTable } from '../../../support/memory-table.ts'
import {
  all,
  type Damage,
  damages,
  expectKept,
  farFuture,
  keysOf,
  onStatistics,
  subjectOf,
  withValue,
  world,
} from './held-world.ts'

describe('a row of the vault', () => {
  const cases: [string, string, string, Damage, string[]][] = [
    ...damages('sub').map(([what, damage]): [string, string, string, Damage, string[]] => [
      ...(['subject', 'sub', what] as const),
      damage,
      ['subject proof', 'year#2025 proof'],
    ]),
    ['year#2025', 'year', 'is that of a year that lapses', (row) => withValue(row, 'year', 2024), all],
    ['year#2025', 'year', 'is missing', (row) => withValue(row, 'year', undefined), all],
    ['year#2025', 'year', 'is a text', (row) => withValue(row, 'year', '2024'), all],
    ['subject', 'year', 'is missing', (row) => withValue(row, 'year', undefined), all],
    ['subject', 'year', 'is earlier', (row) => withValue(row, 'year', 2020), all],
    ['subject', 'year', 'is later', (row) => withValue(row, 'year', 2025), all],
  ]
  it.each(cases)('%s, whose %s %s', async (sk, _, __, damage, kept) => {
    const b = await world()
    await make(b, holdOn())
    await damageRow(b, sk, damage)
    await expectKept(b, kept, false)
  })

  it.each(damages('proof'))('of a year, whose proof %s: a hold on a purpose may cover it', async (_, damage) => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, kim, '2025-06-15T10:20:00.000Z', 'statistics')
    await said(b, lo, '2024-06-15T10:20:00.000Z')
    await make(b, holdOn({ covers: onStatistics }))
    await damageRow(b, 'year#2025', damage)
    const before = await rowsOf(b)
    expect((await erase(b)).held).toHaveLength(1)
    await retain(b, farFuture)
    const after = await rowsOf(b)
    expect(after.map(({ sk }) => sk)).toEqual(before.map(({ sk }) => sk))
    expect(await rowsOf(b, lo)).toEqual([])
  })

  it('of a year, whose year is that of one that lapses: the held one stays', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, kim, '2025-06-15T10:20:00.000Z', 'statistics')
    await make(b, holdOn({ covers: onStatistics }))
    await damageRow(b, 'year#2025', (row) => withValue(row, 'year', 2024))
    await retain(b, farFuture)
    expect(await keysOf(b, ['proof'])).toEqual(['year#2025 proof'])
  })

  it('of one of two names of a person: no hold is acknowledged that would be on the other only', async () => {
    const b = await world()
    await damageRow(b, 'subject', (row) => withValue(row, 'sub', new Uint8Array(60)))
    await expect(make(b, holdOn())).rejects.toMatchObject({ code: 'keys-unreadable' })
    expect(await entriesIn(b, 'acme#hold')).toEqual([])
    // Nobody’s hold stands, so the person can still be erased.
    await erase(b)
    expect(await rowsOf(b)).toEqual([])
  })

  async function damageRow(b: Bench, sk: string, damage: Damage): Promise<void> {
    const row = (await rowsOf(b)).find((each) => each.sk === sk)
    if (row === undefined) throw new Error('no such row')
    const vault = b.ledger.vault as MemoryTable
    vault.replace(await damage(row, b))
  }
})

describe('an event that a hold covers', () => {
  const cases: [string, Damage][] = [
    ...damages('payload').map(([what, damage]): [string, Damage] => [`whose payload ${what}`, damage]),
    ...([undefined, 7, '', '2031-01-01T00', '2023-01-01T00', '2025-01-01T00', 'x'] as const).map(
      (hour): [string, Damage] => [`whose hour is ${hour}`, (item) => withValue(item, 'hour', hour)],
    ),
    ['whose leaf is missing', (item) => withValue(item, 'leaf', undefined)],
  ]
  const covered = [onStatistics, { kind: 'before', before: '2025-01-01T00:00:00.000Z' }] as const
  it.each(covered.flatMap((covers) => cases.map(([what, damage]) => [covers, what, damage] as const)))(
    'by %j, %s',
    async (covers, _, damage) => {
      const b = await bench()
      await said(b, kim, '2024-06-15T10:20:00.000Z', 'statistics')
      await said(b, kim, '2025-06-15T10:20:00.000Z')
      await make(b, holdOn({ covers }))
      const events = await entriesIn(b, `acme#${(await subjectOf(b)).sub}`)
      const held = events.find(({ values }) => String(values.hour).startsWith('2024'))
      b.ledger.entries.replace(await damage(held as Item, b))
      expect((await erase(b)).held).toHaveLength(1)
      await retain(b, farFuture)
      expect(await keysOf(b, ['proof'])).toContain('subject proof')
    },
  )
})

describe('a published version that cannot be read may have had the longest term', () => {
  it.each([
    ['no JSON', '{'],
    ['no record', 'null'],
    ['another form', '{"version":"2"}'],
  ])('%s', async (_, record) => {
    const b = await world()
    await b.ledger.entries.insert([{ pk: 'acme#policy#privacy', sk: 'version#2', values: { record } }])
    b.ledger.setNow('2026-01-01T00:00:00.000Z')
    await b.ledger.controllers.current('acme')
    await retain(b, farFuture)
    expect(await keysOf(b, ['proof', 'sub'])).toEqual(all)
  })
})

it.each([
  ['no JSON', { record: '{' }],
  ['null', { record: 'null' }],
  ['without secrets', { secrets: 'x' }],
  ['with secrets that do not unwrap', { secrets: new Uint8Array(40) }],
])(
  'a controller that cannot be read keeps its rows, and those of others are not kept waiting: %s',
  async (_, values) => {
    const b = await world()
    const identityProvider = { ...controllerDraft.identityProvider, audience: 'other' }
    await createController(b.ledger, { ...controllerDraft, controller: 'other', identityProvider })
    const snapshot = await b.ledger.controllers.current('other')
    if (snapshot === undefined) throw new Error('the controller was not stored')
    await subjectKeysForWriting(b.ledger, vaultScope(snapshot), kim, 2024, true)
    const [item] = await b.ledger.entries.get([{ pk: 'other#controller', sk: 'controller' }])
    b.ledger.entries.replace({ ...(item as Item), values: { ...item?.values, ...values } })
    const controllers = controllerSnapshots(b.ledger.entries, b.ledger.log, b.ledger.keyring, b.ledger.clock)
    const restarted = { ...b, ledger: { ...b.ledger, controllers } }
    expect(did(await retain(restarted, farFuture))).toEqual({ subjects: 3, erased: 2, unreadable: 1 })
  },
)
