/**
 * Damage to whatever keeps keys: a hold, its release, mark or turn, a request that waits, an erasure's entry, an event, a row of the vault, a
 * published version. For each the same must be true: nothing goes that is protected when the item is whole, retention goes on with others, and
 * the self-audit reports it.
 */
import { describe, expect, it } from 'vitest'
import type { Hold } from '../../../../shared/consent/holds.ts'
import { controllerEntry } from '../../../../shared/ledger/controller-entry.ts'
import { controllerSnapshots } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { createController } from '../../../../shared/ledger/controllers/create-controller.ts'
import { erasureItem } from '../../../../shared/ledger/erasure/erasure-entry.ts'
import { holdItem, holdKey, holdMark, releaseKey } from '../../../../shared/ledger/holds/hold-entries.ts'
import { type HoldDraft, listHolds } from '../../../../shared/ledger/holds/legal-holds.ts'
import { sealPayload } from '../../../../shared/ledger/sealed-payload.ts'
import type { Attribute, Item } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForWriting } from '../../../../shared/ledger/vault/vault.ts'
import { holdsKeyIn } from '../../../../shared/ledger/vault/vault-rows.ts'
import {
  type Bench,
  bench,
  checks,
  counsel,
  did,
  entriesIn,
  erase,
  holdOn,
  kim,
  lo,
  make,
  release,
  retain,
  rowsOf,
  said,
} from '../../../support/lapsing-ledger.ts'
import { controllerDraft } from '../../../support/memory-ledger.ts'
import type { MemoryTable } from '../../../support/memory-table.ts'

const farFuture = '2040-01-01T00:00:00.000Z'
const onStatistics = { kind: 'purpose', purposeId: 'statistics' } as const

/** Kim has two years, the first of which is that of a statistics decision. Lo has one, and nothing protects it. */
async function world(): Promise<Bench> {
  const b = await bench()
  await said(b, kim, '2024-06-15T10:20:00.000Z', 'statistics')
  await said(b, kim, '2025-06-15T10:20:00.000Z')
  await said(b, lo, '2024-06-15T10:20:00.000Z')
  return b
}

type Damage = (item: Item, b: Bench) => Item | Promise<Item>
const withValue = (item: Item, name: string, value: Attribute | undefined): Item => {
  const { [name]: _, ...others } = item.values
  return { ...item, values: value === undefined ? others : { ...others, [name]: value } }
}
const bytesOf = (item: Item, name: string) => {
  const bytes = item.values[name]
  if (!(bytes instanceof Uint8Array)) throw new Error(`no bytes ${name}`)
  return bytes
}
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

/** Ways in which a sealed or wrapped value can be damaged. */
const damages = (name: string): [string, Damage][] => [
  ['is missing', (item) => withValue(item, name, undefined)],
  ['is a text', (item) => withValue(item, name, 'text')],
  ['is a number', (item) => withValue(item, name, 7)],
  ['is empty', (item) => withValue(item, name, new Uint8Array())],
  ['has a flipped bit', (item) => withValue(item, name, flipped(bytesOf(item, name), 30))],
  ['has another first byte', (item) => withValue(item, name, flipped(bytesOf(item, name), 0))],
  ['is cut', (item) => withValue(item, name, bytesOf(item, name).subarray(0, 20))],
]

async function only(b: Bench, pk: string, prefix = ''): Promise<Item> {
  const found = (await entriesIn(b, pk)).filter(({ sk }) => sk.startsWith(prefix))
  expect(found).toHaveLength(1)
  return found[0] as Item
}

async function subjectOf(b: Bench, identity = kim) {
  const row = (await rowsOf(b, identity)).find(({ sk }) => sk === 'subject')
  const subject = row && holdsKeyIn(b.scope, row)
  if (subject === undefined) throw new Error('nobody')
  return subject
}

const keysOf = async (b: Bench, names: readonly string[]) =>
  (await rowsOf(b)).flatMap(({ sk, values }) =>
    names.filter((name) => values[name] !== undefined).map((n) => `${sk} ${n}`),
  )

/** Neither an erasure nor retention takes one of these keys; retention takes all of Lo's, and the self-audit says that something is wrong. */
async function expectKept(b: Bench, kept: readonly string[], reported = true): Promise<void> {
  const refused = await erase(b).then(
    ({ held }) => (held.length > 0 ? 'held' : 'erased'),
    (error: { code?: string }) => error.code,
  )
  expect(['held', 'keys-unreadable']).toContain(refused)
  await retain(b, farFuture)
  expect(await keysOf(b, ['proof', 'sub'])).toEqual(expect.arrayContaining([...kept]))
  expect(await rowsOf(b, lo)).toEqual([])
  if (reported) expect((await checks(b)).some((check) => check.endsWith('error'))).toBe(true)
}

const all = ['subject proof', 'subject sub', 'year#2025 proof']

describe('a hold', () => {
  const laterForm =
    (more: object): Damage =>
    async (item, b) => {
      const holdId = item.sk.slice('hold#'.length)
      const { holds } = await listHolds(b.ledger, b.scope, { limit: 1 })
      const { by: _, ...hold } = holds[0] ?? ({} as never)
      return holdItem(b.scope, { ...hold, holdId, ...more } as Hold, counsel, [], b.ledger.random)
    }
  const cases: [string, Damage][] = [
    ...damages('payload').map(([what, damage]): [string, Damage] => [`whose payload ${what}`, damage]),
    ['that covers what only a later release knows', laterForm({ covers: { kind: 'country', country: 'SE' } })],
    ['with a member that only a later release knows', laterForm({ covers: { ...onStatistics, orPurposeId: 'x' } })],
    ['whose end is no instant', laterForm({ until: 'soon' })],
    ['whose end is a number', laterForm({ until: 0 })],
    [
      'with the payload of another',
      async (item, b) => {
        const { holdId } = (await make(b, holdOn({ covers: onStatistics }))).record
        const [other] = await b.ledger.entries.get([holdKey('acme', holdId)])
        await release(b, holdId)
        return { ...item, values: { ...item.values, payload: bytesOf(other as Item, 'payload') } }
      },
    ],
  ]
  const covered: HoldDraft['covers'][] = [{ kind: 'subject', identity: kim }, onStatistics]
  it.each(covered.flatMap((covers) => cases.map(([what, damage]) => [what, covers, damage] as const)))(
    '%s, on %j',
    async (_, covers, damage) => {
      const b = await world()
      await make(b, holdOn({ covers }))
      const item = await only(b, 'acme#hold', 'hold#')
      b.ledger.entries.replace(await damage(item, b))
      if (covers.kind === 'subject') return expectKept(b, all)
      // It may be on anybody.
      await expect(erase(b, lo)).rejects.toMatchObject({ code: 'keys-unreadable' })
      await retain(b, farFuture)
      expect(await keysOf(b, ['proof', 'sub'])).toEqual(all)
      expect(await rowsOf(b, lo)).not.toEqual([])
      expect(await checks(b)).toContain('event-differs error')
    },
  )

  it('that is damaged can still be released, and the list names it', async () => {
    const b = await world()
    const { holdId } = (await make(b, holdOn())).record
    const other = (await make(b, holdOn({ covers: onStatistics }))).record
    const [item] = await b.ledger.entries.get([holdKey('acme', holdId)])
    b.ledger.entries.replace(withValue(item as Item, 'payload', 'x'))
    expect(await listHolds(b.ledger, b.scope, { limit: 10 })).toEqual({ holds: [other], unreadable: [holdId] })
    await expect(release(b, holdId)).rejects.toMatchObject({ code: 'keys-unreadable' })
    await release(b, other.holdId)
    expect(await erase(b)).toMatchObject({ subjects: 1, held: [] })
  })
})

describe('a release does not end a hold', () => {
  const laterForm =
    (content: object, more: { name: string; value: unknown }[] = []): Damage =>
    (item, b) => {
      const claims = [{ name: 'field:release', value: content }, { name: 'field:actor', value: counsel }, ...more]
      return controllerEntry(
        b.scope,
        item,
        { kind: 'hold-released', at: '2025-07-01T00:00:00.000Z', claims },
        b.ledger.random,
      )
    }
  const releasedAt = '2025-07-01T00:00:00.000Z'
  const cases: [string, Damage][] = [
    ...damages('payload').map(([what, damage]): [string, Damage] => [`when its payload ${what}`, damage]),
    ['in a form without its instant', ({ sk, ...item }, b) => laterForm({ holdId: sk.slice(9) })({ sk, ...item }, b)],
    ['of another hold', laterForm({ holdId: '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90', releasedAt })],
    [
      'with a member that only a later release knows',
      ({ sk, ...item }, b) => laterForm({ holdId: sk.slice(9), releasedAt, only: 'kim' })({ sk, ...item }, b),
    ],
    [
      'with a claim that only a later release knows',
      ({ sk, ...item }, b) =>
        laterForm({ holdId: sk.slice(9), releasedAt }, [{ name: 'field:part', value: 'x' }])({ sk, ...item }, b),
    ],
    [
      'with the payload of another',
      async (item, b) => {
        const { holdId } = (await make(b, holdOn({ covers: onStatistics }))).record
        await release(b, holdId)
        const [other] = await b.ledger.entries.get([releaseKey('acme', holdId)])
        return withValue(item, 'payload', bytesOf(other as Item, 'payload'))
      },
    ],
  ]
  it.each(cases)('%s', async (_, damage) => {
    const b = await world()
    const { holdId } = (await make(b, holdOn())).record
    await release(b, holdId)
    const [item] = await b.ledger.entries.get([releaseKey('acme', holdId)])
    b.ledger.entries.replace(await damage(item as Item, b))
    await expectKept(b, all)
  })
})

describe('a turn', () => {
  const sealed =
    (turn: object): Damage =>
    async (item, b) =>
      withValue(item, 'payload', sealPayload(turn, (await subjectOf(b)).key, item, b.ledger.random, 64))
  const cases: [string, Damage][] = [
    ...damages('payload').map(([what, damage]): [string, Damage] => [`whose payload ${what}`, damage]),
    ['that does what only a later release knows', sealed({ does: 'pause' })],
    ['with a member that only a later release knows', sealed({ does: 'lapse', unless: 'held' })],
    ['without its hold', sealed({ does: 'hold' })],
    [
      'with the payload of another subject',
      async (item, b) => {
        await make(b, holdOn({ covers: { kind: 'subject', identity: lo } }))
        const others = await entriesIn(b, `acme#held#${(await subjectOf(b, lo)).sub}`)
        for (const { holds } of [await listHolds(b.ledger, b.scope, { limit: 9 })])
          for (const { holdId } of holds) await release(b, holdId)
        return withValue(item, 'payload', bytesOf(others[0] as Item, 'payload'))
      },
    ],
  ]
  it.each(cases)('%s', async (_, damage) => {
    const b = await world()
    await make(b, holdOn())
    const item = await only(b, `acme#held#${(await subjectOf(b)).sub}`)
    b.ledger.entries.replace(await damage(item, b))
    await expectKept(b, all)
  })
})

it.each(['x', '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90'])('a mark of a hold that is not there: %s', async (holdId) => {
  const b = await world()
  await b.ledger.entries.insert([holdMark('acme', holdId)])
  await expect(erase(b)).rejects.toMatchObject({ code: 'keys-unreadable' })
  await retain(b, farFuture)
  expect(await keysOf(b, ['proof', 'sub'])).toEqual(all)
})

describe('a request that waits keeps what it is about, and is not carried out', () => {
  const laterForm =
    (...more: { name: string; value: unknown }[]): Damage =>
    (item, b) => {
      const claims = [
        { name: 'field:ground', value: 'order' },
        { name: 'field:scope', value: 'subject' },
        { name: 'field:actor', value: null },
        { name: 'field:request', value: { requestedAt: '2025-07-01T00:00:00.000Z' } },
      ].filter(({ name }) => more.every((other) => other.name !== name))
      const entry = { kind: 'erasure-requested', at: '2025-07-01T00:00:00.000Z', sub: item.sk } as const
      return controllerEntry(b.scope, item, { ...entry, claims: [...claims, ...more] }, b.ledger.random)
    }
  const cases: [string, Damage][] = [
    ...damages('payload').map(([what, damage]): [string, Damage] => [`when its payload ${what}`, damage]),
    ['when it asks for a part only', laterForm({ name: 'field:scope', value: 'context' })],
    ['when it has an unknown ground', laterForm({ name: 'field:ground', value: 'whim' })],
    ['when it has a claim that only a later release knows', laterForm({ name: 'field:notBefore', value: '2050' })],
    [
      'when it has the payload of another subject',
      async (item, b) => {
        const { holdId } = (await make(b, holdOn({ covers: { kind: 'subject', identity: lo } }))).record
        await erase(b, lo)
        await release(b, holdId)
        const [other] = (await entriesIn(b, item.pk)).filter(({ sk }) => sk !== item.sk)
        return withValue(item, 'payload', bytesOf(other as Item, 'payload'))
      },
    ],
  ]
  it.each(cases)('%s', async (_, damage) => {
    const b = await world()
    const { holdId } = (await make(b, holdOn())).record
    await erase(b)
    await release(b, holdId)
    b.ledger.entries.replace(await damage(await only(b, 'acme#requested'), b))
    await retain(b, farFuture)
    expect(await keysOf(b, ['proof', 'sub', 'context'])).toEqual([
      ...['subject proof', 'subject sub', 'subject context'],
      ...['year#2025 proof', 'year#2025 context'],
    ])
    expect(await rowsOf(b, lo)).toEqual([])
    expect(await checks(b)).toEqual(['event-differs error'])
  })
})

describe('an entry of an erasure that cannot be read does not go before a hold', () => {
  const reason = { ground: 'retention', scope: 'subject' } as const
  const cases: [string, Damage][] = [
    ...damages('payload').map(([what, damage]): [string, Damage] => [`when its payload ${what}`, damage]),
    [
      'when it is that of another subject',
      async (item, b) => {
        const other = erasureItem(
          b.scope,
          (await subjectOf(b, lo)).sub,
          reason,
          undefined,
          '2025-07-01',
          b.ledger.random,
        )
        return { ...item, values: other.values }
      },
    ],
  ]
  it.each(cases)('%s', async (_, damage) => {
    const b = await world()
    const { sub } = await subjectOf(b)
    await make(b, holdOn())
    const planted = erasureItem(b.scope, sub, reason, undefined, '2025-07-01', b.ledger.random)
    await b.ledger.entries.insert([await damage(planted, b)])
    await expectKept(b, all)
    // And a further hold can be put on the subject.
    await make(b, holdOn())
  })
})

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
