/**
 * Damage to a hold, its release, mark or turn, a request that waits, or an erasure's entry. For each the same must be true: nothing goes that is
 * protected when the item is whole, retention goes on with others, and the self-audit reports it.
 */
import { describe, expect, it } from 'vitest'
import type { Hold } from '../../../../shared/consent/holds.ts'
import { controllerEntry } from '../../../../shared/ledger/controller-entry.ts'
import { erasureItem } from '../../../../shared/ledger/erasure/erasure-entry.ts'
import { holdItem, holdKey, holdMark, releaseKey } from '../../../../shared/ledger/holds/hold-entries.ts'
import { type HoldDraft, listHolds } from '../../../../shared/ledger/holds/legal-holds.ts'
import { sealPayload } from '../../../../shared/ledger/sealed-payload.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import {
  checks,
  counsel,
  entriesIn,
  erase,
  holdOn,
  kim,
  lo,
  make,
  release,
  retain,
  rowsOf,
} from '../../../support/lapsing-ledger.ts'
import {
  all,
  bytesOf,
  type Damage,
  damages,
  expectKept,
  farFuture,
  keysOf,
  only,
  onStatistics,
  subjectOf,
  withValue,
  world,
} from './held-world.ts'

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
