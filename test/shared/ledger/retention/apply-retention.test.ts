/**
 * Retention on the model: whose keys go and whose stay, a failure at each of its steps, and that the self-audit finds the ledger sound
 * after every run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../../../shared/ledger/answers/answers-for-subject.ts'
import { askStatuses } from '../../../../shared/ledger/answers/statuses-for-subject.ts'
import { recordRead } from '../../../../shared/ledger/auditors/audit-reads.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { type MandateDraft, recordMandate } from '../../../../shared/ledger/mandates/record-mandate.ts'
import { applyRetentionToPage } from '../../../../shared/ledger/retention/apply-retention.ts'
import { zeroRetentionCounts } from '../../../../shared/ledger/retention/retention-counts.ts'
import type { Key } from '../../../../shared/ledger/store.ts'
import { vaultKey } from '../../../../shared/ledger/vault/vault.ts'
import {
  audited,
  type Bench,
  bench,
  did,
  entriesIn,
  erasureClaims,
  kim,
  lo,
  officer,
  openIds,
  retain,
  said,
  valuesOf,
} from '../../../support/lapsing-ledger.ts'
import type { ScriptedFault } from '../../../support/memory-table.ts'
import { memoryEraser, memoryRetainer } from '../../../support/memory-vault.ts'
import { attributable, oneByOne } from '../erasure/erase-steps.ts'

const erasures = (b: Bench) => entriesIn(b, 'acme#erased')

describe('a subject of several years', () => {
  it('loses the context first, then a year at a time, and is erased with the last', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const second = await said(b, kim, '2025-06-15T10:20:00.000Z', 'statistics')
    expect(did(await retain(b, '2025-12-31T23:00:00.000Z'))).toEqual({ subjects: 1, years: 1 })
    // The first year’s keys stand in the row that has the subject’s own.
    expect(await valuesOf(b, kim)).toEqual([
      'subject: controller,holder,sub,year',
      'year#2025: context,controller,proof,year',
    ])
    expect(await openIds(b, kim)).toEqual([second])
    expect(await audited(b)).toMatchObject({ checks: [], compared: { lapsed: 1, withoutContext: 0, events: 2 } })

    expect(did(await retain(b, '2026-02-01T00:00:00.000Z'))).toEqual({ subjects: 1, contexts: 1 })
    expect(await valuesOf(b, kim)).toEqual(['subject: controller,holder,sub,year', 'year#2025: controller,proof,year'])
    expect((await eventsOf(b.ledger, b.snapshot, kim))[0]?.event.context).toEqual({})
    expect(await audited(b)).toMatchObject({ checks: [], compared: { lapsed: 1, withoutContext: 1 } })

    expect(did(await retain(b, '2028-06-15T11:00:00.000Z'))).toEqual({ subjects: 1 })
    expect(did(await retain(b, '2028-06-15T11:00:00.001Z'))).toEqual({ subjects: 1, erased: 1 })
    expect(await valuesOf(b, kim)).toEqual([])
    const [entry] = await erasures(b)
    expect(erasureClaims(b, entry)).toEqual([
      ['field:ground', 'retention'],
      ['field:scope', 'subject'],
      ['field:actor', null],
    ])
    expect(await audited(b)).toMatchObject({ checks: [], compared: { erased: 2, lapsed: 0, erasures: 1, subjects: 0 } })
    expect(did(await retain(b, '2028-06-16T00:00:00.000Z'))).toEqual({})
  })

  it('keeps the key of its own while another year lives; a later year’s row goes as a whole', async () => {
    const b = await bench()
    const first = await said(b, kim, '2024-06-15T10:20:00.000Z', 'statistics')
    await said(b, kim, '2025-06-15T10:20:00.000Z')
    // Oldest first: 2025 has passed, and waits for 2024.
    expect(did(await retain(b, '2026-12-31T00:00:00.000Z'))).toEqual({ subjects: 1, contexts: 2 })
    expect(await openIds(b, kim)).toHaveLength(2)
    expect(await openIds(b, kim)).toContain(first)
    await said(b, kim, '2027-01-10T00:00:00.000Z')
    expect(did(await retain(b, '2027-06-16T00:00:00.000Z'))).toEqual({ subjects: 1, years: 2 })
    expect(await valuesOf(b, kim)).toEqual([
      'subject: controller,holder,sub,year',
      'year#2027: context,controller,proof,year',
    ])
    expect((await audited(b)).checks).toEqual([])
  })

  it('writes on as the same subject, whatever of it has lapsed', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, kim, '2025-06-15T10:20:00.000Z')
    await retain(b, '2025-12-31T00:00:00.000Z')
    const third = await said(b, kim, '2025-12-31T01:00:00.000Z')
    const fourth = await said(b, kim, '2026-01-01T01:00:00.000Z')
    expect(await openIds(b, kim)).toEqual(expect.arrayContaining([third, fourth]))
    const subs = new Set((await eventsOf(b.ledger, b.snapshot, kim)).map(({ key }) => key.pk))
    expect(subs.size).toBe(1)
    expect((await audited(b)).checks).toEqual([])
  })
})

describe('a consent that stands longer than the data is kept', () => {
  const answerOf = async ({ ledger, snapshot }: Bench, identity: typeof kim) => {
    const now = new Date(ledger.clock()).toISOString()
    const topics = [{ purposeId: 'newsletter' }]
    const { consents } = await askStatuses(ledger, snapshot, identity, topics, { at: now, knownAt: now, askedAt: now })
    const [answer] = consents
    return `${answer?.status} ${answer?.reason}`
  }

  it('stands, however often retention runs: a month of data, a year of consent, a year of proof', async () => {
    const b = await bench()
    await said(b, kim, '2026-11-29T10:20:00.000Z', 'newsletter', 'given')
    for (const [at, years, answer] of [
      ['2027-01-03T00:00:00.000Z', 0, 'Given decided'],
      ['2027-11-29T10:19:59.999Z', 0, 'Given decided'],
      ['2027-11-29T10:20:00.000Z', 0, 'Expired validity-ended'],
      ['2028-11-29T10:20:00.000Z', 0, 'Expired validity-ended'],
    ] as const) {
      const done = await retain(b, at)
      expect([at, done.years + done.erased, await answerOf(b, kim)]).toEqual([at, years, answer])
    }
    // Somebody whose later year stays is still known; of the first year only that it has expired.
    await said(b, kim, '2028-11-30T00:00:00.000Z', 'statistics')
    expect(await retain(b, '2028-11-30T01:00:00.000Z')).toMatchObject({ years: 1, erased: 0 })
    expect(await answerOf(b, kim)).toBe('Unknown evidence-expired')
    expect((await audited(b)).checks).toEqual([])
  })
})

describe('what stays', () => {
  it('an auditor, who has reads and no events', async () => {
    const b = await bench()
    await recordRead(
      b.ledger,
      b.snapshot,
      { type: 'reader', id: 'auditor' },
      { type: 'device', id: 'x' },
      { question: 'all' },
    )
    expect(did(await retain(b, '2030-01-01T00:00:00.000Z'))).toEqual({ subjects: 1 })
    expect(await audited(b)).toMatchObject({ checks: [], compared: { reads: 1, lapsed: 0 } })
  })

  it('all of somebody for whom a mandate stands, when no year would be left', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const mandate: MandateDraft = {
      mandateId: '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90',
      kind: 'guardian',
      ground: 'appointment',
      covers: { kind: 'all' },
      from: '2024-01-01T00:00:00.000Z',
      until: '2026-06-01T00:00:00.000Z',
    }
    await recordMandate(b.ledger, b.scope, kim, mandate, officer)
    const before = await valuesOf(b, kim)
    expect(did(await retain(b, '2026-05-31T23:59:59.999Z'))).toEqual({ subjects: 1 })
    expect(await valuesOf(b, kim)).toEqual(before)
    expect(await entriesIn(b, 'acme#disposition')).toEqual([])
    expect(did(await retain(b, '2026-06-01T00:00:00.000Z'))).toEqual({ subjects: 1, erased: 1 })
    expect((await audited(b)).checks).toEqual([])
  })

  it('the present year, of which not a single event is read', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    b.ledger.setNow('2024-12-31T23:59:59.999Z')
    const read: string[] = []
    const retentionJob = memoryRetainer(b.ledger)
    const watched = {
      ...retentionJob,
      entries: {
        ...retentionJob.entries,
        query: (pk: string, options?: object) => {
          read.push(pk)
          return retentionJob.entries.query(pk, options)
        },
      },
    }
    expect(await applyRetentionToPage(watched)).toMatchObject({ subjects: 1, disposals: [] })
    // Each is read once for the controller: erasures that wait for the end of a hold, requests of people, and open manifests.
    expect(read).toEqual(['acme#requested', 'acme#asked', 'acme#disposition'])
  })

  it('rows that nobody can open; one that is planted under a subject keeps nothing else', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    await said(b, lo, '2024-06-15T10:20:00.000Z')
    const events = (await b.ledger.entries.scan()).items.filter(({ sk }) => sk.startsWith('event#'))
    const [first] = events
    if (first === undefined) throw new Error('no event')
    b.ledger.entries.replace({ ...first, values: { ...first.values, payload: Uint8Array.of(1, 2, 3) } })
    await b.ledger.vault.insert([{ pk: 'stray', sk: 'subject', values: { year: 2024, sub: new Uint8Array(60) } }])
    expect((await audited(b)).checks.sort()).toEqual(['event-unreadable error', 'vault-unreadable error'])
    const last = did(await retain(b, '2030-01-01T00:00:00.000Z'))
    expect(last).toEqual({ subjects: 3, contexts: 1, erased: 1, unreadable: 1 })
    expect(did(await retain(b, '2040-01-01T00:00:00.000Z'))).toEqual({ subjects: 2, erased: 1, unreadable: 1 })
    expect((await audited(b)).checks.sort()).toEqual(['vault-unreadable error'])
  })

  it('who writes while it is looked at', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    b.ledger.setNow('2026-01-05T00:00:00.000Z')
    const retentionJob = memoryRetainer(b.ledger)
    let queries = 0
    const racing = {
      ...retentionJob,
      vault: {
        ...retentionJob.vault,
        query: async (pk: string, options?: object) => {
          if (++queries === 3) await said(b, kim, '2026-01-05T00:00:00.000Z')
          return retentionJob.vault.query(pk, options)
        },
      },
    }
    expect(await applyRetentionToPage(racing)).toMatchObject({ subjects: 1, years: 0, erased: 0, disposals: [] })
    expect(await erasures(b)).toEqual([])
    expect(await openIds(b, kim)).toHaveLength(2)
    expect(await applyRetentionToPage(retentionJob)).toMatchObject({ subjects: 1, years: 1, erased: 0 })
    expect(await openIds(b, kim)).toHaveLength(1)
    expect((await audited(b)).checks).toEqual([])
  })
})

describe('what others left is finished', () => {
  const reason = { ground: 'order', scope: 'subject' } as const

  it('rows that a late insert brought back, of a subject whom an erasure names', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const { items } = await b.ledger.vault.query(vaultKey(b.scope, kim))
    await eraseSubject(memoryEraser(b.ledger), b.scope, kim, reason)
    await b.ledger.vault.insert(items)
    expect((await audited(b)).checks).toEqual(['erasure-unfinished error'])
    expect(did(await retain(b, '2024-06-16T00:00:00.000Z'))).toEqual({ subjects: 1, erased: 1 })
    expect((await audited(b)).checks).toEqual([])
  })

  it('a year without its subject', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const orphan = { pk: vaultKey(b.scope, lo), sk: 'year#2024', values: { year: 2024 } }
    await b.ledger.vault.insert([orphan])
    expect((await audited(b)).checks).toEqual(['vault-orphan error'])
    expect(did(await retain(b, '2024-06-16T00:00:00.000Z'))).toEqual({ subjects: 1, orphans: 1 })
    expect((await audited(b)).checks).toEqual([])
    expect(await openIds(b, kim)).toHaveLength(1)
  })
})

it('goes on after the page that it ended with, and sees every subject once', async () => {
  const b = await bench()
  const people = Array.from({ length: 7 }, (_, n) => ({ type: 'email', id: `person-${n}@example.org` }))
  for (const each of people) await said(b, each, '2024-06-15T10:20:00.000Z')
  b.ledger.setNow('2025-07-01T00:00:00.000Z')
  const retentionJob = memoryRetainer(b.ledger)
  const all = (await retentionJob.vault.scan()).items
  const paged = {
    ...retentionJob,
    vault: {
      ...retentionJob.vault,
      async scan(after?: Key) {
        const at = after === undefined ? 0 : all.findIndex(({ pk }) => pk === after.pk) + 1
        const items = all.slice(at, at + 2)
        const last = items.at(-1)
        return { items, ...(last && at + 2 < all.length && { next: { pk: last.pk, sk: last.sk } }) }
      },
    },
  }
  const sum = zeroRetentionCounts()
  let after: Key | undefined
  let pages = 0
  do {
    const { next, subjects, erased } = await applyRetentionToPage(paged, after)
    sum.subjects += subjects
    sum.erased += erased
    after = next
    pages++
  } while (after !== undefined)
  expect([pages, sum.subjects, sum.erased]).toEqual([4, 7, 7])
  expect((await audited(b)).checks).toEqual([])
})

describe('a run that fails', () => {
  const steps = ['strike', 'remove a year', 'remove the subject', 'insert the erasure'] as const
  const cases = steps.flatMap((step) => (['before', 'after'] as const).map((fault) => ({ step, fault })))

  it.each(cases)('$fault “$step” is completed by the next, and nothing is lost that is not explained', async (one) => {
    let isArmed = false
    const struck = (step: string): ScriptedFault | undefined => {
      if (!isArmed || step !== one.step) return undefined
      isArmed = false
      return one.fault
    }
    const b = await bench((operation, { pk }) =>
      operation === 'insert' && pk === 'acme#erased' ? struck('insert the erasure') : undefined,
    )
    // Kim has nothing left; of Lo’s two years one stays.
    await said(b, kim, '2024-05-01T00:00:00.000Z')
    await said(b, lo, '2024-05-01T00:00:00.000Z')
    await said(b, kim, '2025-05-01T00:00:00.000Z')
    const kept = await said(b, lo, '2025-05-01T00:00:00.000Z', 'statistics')
    isArmed = true
    const isKims = (key: Key) => key.pk === vaultKey(b.scope, kim)
    const fault = (key: Key) => {
      if (key.sk !== 'subject') return struck('remove a year')
      return struck(isKims(key) ? 'remove the subject' : 'strike')
    }
    const at = '2026-12-01T00:00:00.000Z'
    await expect(retain(b, at, fault)).rejects.toMatchObject({ code: 'unavailable' })
    // While it is half done, nobody takes what is gone for lost.
    expect((await audited(b)).checks.filter((check) => check !== 'erasure-unfinished error')).toEqual([])
    await retain(b, at)
    expect(await valuesOf(b, kim)).toEqual([])
    expect(await erasures(b)).toHaveLength(1)
    expect(await openIds(b, lo)).toEqual([kept])
    expect((await audited(b)).checks).toEqual([])
  })
})

it('and the self-audit agree, whoever wrote what and whenever it runs', async () => {
  const day = fc.nat({ max: 1_500 })
  const events = fc.array(
    fc.record({ day, who: fc.constantFrom(kim, lo), about: fc.constantFrom('newsletter', 'statistics') }),
    { minLength: 1, maxLength: 6 },
  )
  const runs = fc.array(fc.nat({ max: 1_600 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(events, runs, async (drawn, gaps) => {
      const b = await bench()
      const at = (days: number) => new Date(Date.UTC(2024, 0, 2, 10, 20) + days * 86_400_000).toISOString()
      const inOrder = drawn.toSorted((x, y) => x.day - y.day)
      for (const { day: on, who, about } of inOrder) await said(b, who, at(on), about)
      let now = inOrder.at(-1)?.day ?? 0
      for (const gap of gaps) {
        now += gap
        const before = new Map([kim, lo].map((who) => [who, openIds(b, who)]))
        await retain(b, at(now))
        for (const [who, ids] of before) expect(await ids).toEqual(expect.arrayContaining(await openIds(b, who)))
        expect((await audited(b)).checks).toEqual([])
      }
      // In the end all of it has passed.
      await retain(b, '2040-01-01T00:00:00.000Z')
      expect((await b.ledger.vault.scan()).items).toEqual([])
      expect((await audited(b)).checks).toEqual([])
    }),
    { numRuns: 60 },
  )
})

/**
 * A subject of whom all has passed, and who writes again at this very moment; or is erased by the controller. Whatever the order: what does
 * not open is explained, and what an erasure names does not open.
 */
it('and writers and an eraser, step by step, leave nothing unexplained', async () => {
  const reason = { ground: 'order', scope: 'subject' } as const
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5 }), { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 1 }),
      async (schedule, writers, erasers) => {
        const b = await bench()
        await said(b, kim, '2024-06-15T10:20:00.000Z')
        await said(b, lo, '2024-06-15T10:20:00.000Z', 'statistics')
        b.ledger.setNow('2026-01-05T00:00:00.000Z')
        const steps = oneByOne(schedule)
        const working: Promise<unknown>[] = [applyRetentionToPage(steps.taken(memoryRetainer(b.ledger)))]
        for (let n = 0; n < writers; n++) {
          const of: Bench = { ...b, ledger: steps.taken(b.ledger) }
          working.push(said(of, kim, '2026-01-05T00:00:00.000Z').catch(() => undefined))
        }
        for (let n = 0; n < erasers; n++)
          working.push(eraseSubject(steps.taken(memoryEraser(b.ledger)), b.scope, kim, reason))
        await steps.run(Promise.all(working))
        const erased = new Set((await erasures(b)).map(({ sk }) => sk))
        const opened = await attributable(b.ledger, b.scope)
        expect(opened.filter(({ sub }) => erased.has(sub))).toEqual([])
        const lost = (await audited(b)).checks.filter((check) => check !== 'vault-orphan error')
        expect(lost).toEqual([])
        // A writer who was too late leaves a year without its subject, which the next run takes.
        await retain(b, '2026-01-05T00:00:01.000Z')
        expect((await audited(b)).checks).toEqual([])
        const again = await said(b, kim, '2026-01-05T00:00:02.000Z')
        expect(await openIds(b, kim)).toContain(again)
        expect(await openIds(b, lo)).toHaveLength(1)
      },
    ),
    { numRuns: 120 },
  )
})
