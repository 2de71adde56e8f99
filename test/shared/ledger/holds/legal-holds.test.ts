/** Holds on the model: what they keep from an erasure and from retention, and what they say. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Hold, HoldScope } from '../../../../shared/consent/holds.ts'
import { eventsOf } from '../../../../shared/ledger/answers/answers-for-subject.ts'
import type { ErasureReason } from '../../../../shared/ledger/erasure/erasure-entry.ts'
import { requestItem } from '../../../../shared/ledger/erasure/waiting-erasures.ts'
import { holdItem, releaseKey } from '../../../../shared/ledger/holds/hold-entries.ts'
import { type HoldDraft, listHolds } from '../../../../shared/ledger/holds/legal-holds.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import {
  type Bench,
  bench,
  checks,
  counsel,
  did,
  entriesIn,
  erase,
  erasureClaims,
  holdOn,
  kim,
  lo,
  make,
  officer,
  openCount,
  release,
  retain,
  rowsOf,
  said,
  valuesOf,
} from '../../../support/lapsing-ledger.ts'

describe('a hold on a subject', () => {
  it('keeps an erasure away, which is carried out by the next request when the hold has ended', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, lo, '2024-06-15T10:20:00.000Z')
    const draft = holdOn({ until: '2024-09-01T00:00:00.000Z' })
    const { record, created } = await make(b, draft)
    expect([record.covers, record.by, created]).toEqual([{ kind: 'subject' }, counsel, true])
    const first = await erase(b)
    expect(first).toMatchObject({ subjects: 0, events: 0, held: [{ holdId: draft.holdId, until: draft.until }] })
    expect(await openCount(b)).toBe(1)
    expect(await erase(b)).toMatchObject({ subjects: 0, held: [{ holdId: draft.holdId }] })
    expect(await entriesIn(b, 'acme#requested')).toHaveLength(1)
    // Nobody else is kept.
    expect(await erase(b, lo)).toMatchObject({ subjects: 1, events: 1, held: [] })
    expect(await checks(b)).toEqual([])
    b.ledger.setNow('2024-09-01T00:00:00.000Z')
    expect(await erase(b)).toMatchObject({ subjects: 1, events: 1, held: [] })
    expect(await rowsOf(b)).toEqual([])
    expect(await checks(b)).toEqual([])
  })

  it('keeps every key from retention, the context too; what waited goes when it is released', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, kim, '2025-06-15T10:20:00.000Z', 'statistics')
    const { holdId } = (await make(b, holdOn())).record
    const before = await valuesOf(b)
    expect(did(await retain(b, '2040-01-01T00:00:00.000Z'))).toEqual({ subjects: 1, held: 1 })
    expect(await valuesOf(b)).toEqual(before)
    expect(await openCount(b)).toBe(2)
    await release(b, holdId)
    expect(did(await retain(b, '2040-01-01T00:00:01.000Z'))).toEqual({ subjects: 1, erased: 1 })
    expect(await checks(b)).toEqual([])
  })

  it('and a request that waits keeps what it is about; retention carries it out in the name of who asked', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const { holdId } = (await make(b, holdOn())).record
    await erase(b)
    expect(did(await retain(b, '2026-07-01T00:00:00.000Z'))).toEqual({ subjects: 1, held: 1 })
    await release(b, holdId)
    expect(did(await retain(b, '2026-07-02T00:00:00.000Z'))).toEqual({ subjects: 1, erased: 1 })
    const [entry] = await entriesIn(b, 'acme#erased')
    expect(erasureClaims(b, entry)).toEqual([
      ['field:ground', 'data-subject-request'],
      ['field:scope', 'subject'],
      ['field:actor', officer],
    ])
    expect(await rowsOf(b)).toEqual([])
    expect(await checks(b)).toEqual([])
    expect(did(await retain(b, '2026-07-03T00:00:00.000Z'))).toEqual({})
  })

  it('of this year, too: a request that waits is carried out before anything has lapsed', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const { holdId } = (await make(b, holdOn())).record
    await erase(b)
    await release(b, holdId)
    expect(did(await retain(b, '2024-06-16T00:00:00.000Z'))).toEqual({ subjects: 1, erased: 1 })
  })

  it('ends when the last of several has ended', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const [one, two] = [await make(b, holdOn()), await make(b, holdOn({ ground: 'order' }))]
    expect((await erase(b)).held.map(({ ground }) => ground)).toEqual(['legal-claim', 'order'])
    await release(b, one.record.holdId)
    expect((await erase(b)).held.map(({ ground }) => ground)).toEqual(['order'])
    await release(b, two.record.holdId)
    expect(await erase(b)).toMatchObject({ subjects: 1, held: [] })
  })

  it('changes no answer, names nobody, and its link to the subject is lost with the subject', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const events = await eventsOf(b.ledger, b.snapshot, kim)
    const { holdId } = (await make(b, holdOn())).record
    expect(await eventsOf(b.ledger, b.snapshot, kim)).toEqual(events)
    const sub = events[0]?.key.pk.slice('acme#'.length) ?? ''
    const [hold] = await entriesIn(b, 'acme#hold')
    expect(JSON.stringify(hold)).not.toContain(sub)
    expect(JSON.stringify(await listHolds(b.ledger, b.scope, { limit: 10 }))).not.toMatch(/kim|example/)
    const [turn] = await entriesIn(b, `acme#held#${sub}`)
    expect(Object.keys(turn?.values ?? {})).toEqual(['payload'])
    await release(b, holdId)
    await erase(b)
    // Whoever knows the hold's id, and all secrets of the controller, finds no way to the pseudonym.
    const left = [...(await entriesIn(b, 'acme#hold')), ...(await entriesIn(b, `acme#held#${sub}`))]
    expect(left.filter(({ values }) => JSON.stringify(values).includes(sub))).toEqual([])
    expect(left.filter(({ pk, values }) => pk.includes(sub) && JSON.stringify(values).includes(holdId))).toEqual([])
  })

  it('is found under each spelling, and there is none on somebody whom nobody knows or who was erased', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const spelt = { type: 'email', id: ' KIM@Example.org' }
    await expect(make(b, holdOn({ covers: { kind: 'subject', identity: lo } }))).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await entriesIn(b, 'acme#hold')).toEqual([])
    const { holdId } = (await make(b, holdOn({ covers: { kind: 'subject', identity: spelt } }))).record
    expect((await erase(b)).held).toHaveLength(1)
    await release(b, holdId)
    await erase(b)
    await expect(make(b, holdOn())).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is one hold however often it is sent; another one needs another id', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, lo, '2024-06-15T10:20:00.000Z')
    const draft = holdOn()
    const first = await make(b, draft)
    b.ledger.setNow('2024-06-16T00:00:00.000Z')
    expect(await make(b, draft)).toEqual({ ...first, created: false })
    for (const other of [{ ground: 'order' }, { covers: { kind: 'subject', identity: lo } }] as const)
      await expect(make(b, { ...draft, ...other })).rejects.toMatchObject({ code: 'already-exists' })
    await expect(make(b, holdOn({ until: '2024-06-16T00:00:00.000Z' }))).rejects.toMatchObject({
      code: 'invalid-request',
    })
    const released = await release(b, draft.holdId)
    b.ledger.setNow('2024-06-17T00:00:00.000Z')
    expect(await release(b, draft.holdId)).toEqual(released)
    expect((await make(b, draft)).record).toEqual(released)
    await expect(release(b, randomUUID())).rejects.toMatchObject({ code: 'not-found' })
    expect(await erase(b)).toMatchObject({ subjects: 1, held: [] })
  })

  it('that cannot be read lets nothing be destroyed, and others are not kept waiting for it', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, lo, '2024-06-15T10:20:00.000Z')
    await make(b, holdOn())
    const [hold] = await entriesIn(b, 'acme#hold')
    if (hold === undefined) throw new Error('no hold')
    b.ledger.entries.remove(hold)
    await expect(erase(b)).rejects.toMatchObject({ code: 'keys-unreadable' })
    expect(did(await retain(b, '2030-01-01T00:00:00.000Z'))).toEqual({ subjects: 2, erased: 1, unreadable: 1 })
    expect(await openCount(b)).toBe(1)
  })

  it('is not ended by a release that cannot be read', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const { holdId } = (await make(b, holdOn())).record
    await b.ledger.entries.insert([
      { ...releaseKey('acme', holdId), values: { leaf: '{}', payload: new Uint8Array(60) } },
    ])
    await expect(erase(b)).rejects.toMatchObject({ code: 'keys-unreadable' })
    expect(did(await retain(b, '2030-01-01T00:00:00.000Z'))).toEqual({ subjects: 1, unreadable: 1 })
    expect(await openCount(b)).toBe(1)
    expect(await checks(b)).toEqual(['event-differs error'])
  })

  it('that a later release wrote in another form lets nothing be destroyed either, and the self-audit reports it', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const covers = { kind: 'purpose', purposeId: 'newsletter' } as const
    const { by, ...hold } = (await make(b, holdOn({ covers }))).record
    const later = { ...hold, covers: { kind: 'country', country: 'SE' } } as unknown as Hold
    b.ledger.entries.replace(holdItem(b.scope, later, by, [], b.ledger.random))
    await expect(erase(b)).rejects.toMatchObject({ code: 'keys-unreadable' })
    expect(did(await retain(b, '2030-01-01T00:00:00.000Z'))).toEqual({ subjects: 1, unreadable: 1 })
    expect(await openCount(b)).toBe(1)
    expect(await checks(b)).toEqual(['event-differs error'])
  })

  it.each([
    ['is damaged', (_: Bench, item: Item) => ({ ...item, values: { ...item.values, payload: new Uint8Array(60) } })],
    [
      'asks for a part only, as a later release may let it',
      ({ scope, ledger }: Bench, { sk }: Item) => {
        const reason = { ground: 'order', scope: 'context' } as unknown as ErasureReason
        return requestItem(scope, sk, reason, undefined, '2024-06-15T10:20:00.000Z', ledger.random)
      },
    ],
  ])('and a request that %s is not carried out, and others are not kept waiting for it', async (_, changed) => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, lo, '2024-06-15T10:20:00.000Z')
    const { holdId } = (await make(b, holdOn())).record
    await erase(b)
    await release(b, holdId)
    const [request] = await entriesIn(b, 'acme#requested')
    if (request === undefined) throw new Error('no request')
    b.ledger.entries.replace(changed(b, request))
    expect(did(await retain(b, '2030-01-01T00:00:00.000Z'))).toEqual({ subjects: 2, erased: 1, unreadable: 1 })
    expect(await openCount(b)).toBe(1)
    expect(await checks(b)).toEqual(['event-differs error'])
  })
})

describe('a hold on what is not a subject', () => {
  const cases: [string, HoldScope, string[]][] = [
    [
      'on a purpose',
      { kind: 'purpose', purposeId: 'statistics' },
      ['subject: controller,holder,sub,year', 'year#2025: context,controller,proof,year'],
    ],
    [
      'on all before a date',
      { kind: 'before', before: '2024-07-01T00:00:00.000Z' },
      ['subject: context,controller,holder,proof,sub,year', 'year#2025: controller,proof,year'],
    ],
  ]
  it.each(cases)(
    '%s keeps the years that it covers, and what hangs on them, and no others',
    async (_, covers, left) => {
      const b = await bench()
      await said(b, kim, '2024-06-15T10:20:00.000Z')
      await said(b, kim, '2025-06-15T10:20:00.000Z', 'statistics')
      await said(b, lo, '2025-06-15T10:20:00.000Z')
      const { holdId } = (await make(b, holdOn({ covers: covers as HoldDraft['covers'] }))).record
      expect(await checks(b)).toEqual([])
      const done = await retain(b, '2040-01-01T00:00:00.000Z')
      expect(done).toMatchObject({ erased: 1, held: 1 })
      expect(await valuesOf(b)).toEqual(left)
      expect(await rowsOf(b, lo)).toEqual([])
      expect((await erase(b)).held.map((hold) => hold.covers)).toEqual([covers])
      await release(b, holdId)
      expect(await erase(b)).toMatchObject({ subjects: 1, held: [] })
      expect(await checks(b)).toEqual([])
    },
  )

  it('does not keep an erasure of a person whom it does not cover', async () => {
    const b = await bench()
    await said(b, lo, '2025-06-15T10:20:00.000Z')
    await make(b, holdOn({ covers: { kind: 'before', before: '2025-06-15T10:20:00.000Z' } }))
    await make(b, holdOn({ covers: { kind: 'purpose', purposeId: 'statistics' } }))
    expect(await erase(b, lo)).toMatchObject({ subjects: 1, held: [] })
  })
})

it('are listed page by page, each with who made and released it', async () => {
  const b = await bench()
  await said(b, kim, '2024-06-15T10:20:00.000Z')
  const holdIds = Array.from({ length: 5 }, () => randomUUID()).sort()
  for (const holdId of holdIds) await make(b, holdOn({ holdId }))
  await release(b, holdIds[3] ?? '')
  const listed: string[] = []
  let after: string | undefined
  do {
    const page = await listHolds(b.ledger, b.scope, { limit: 2, after })
    listed.push(...page.holds.map(({ holdId, releasedBy }) => `${holdId}${releasedBy ? ' released' : ''}`))
    after = page.next
  } while (after !== undefined)
  expect(listed).toEqual(holdIds.map((holdId, i) => (i === 3 ? `${holdId} released` : holdId)))
})
