import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../../../shared/errors.ts'
import { takeTurn, turnsOf } from '../../../../shared/ledger/holds/hold-turns.ts'
import { applyRetentionToPage } from '../../../../shared/ledger/retention/apply-retention.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { holdsKeyIn } from '../../../../shared/ledger/vault/vault-rows.ts'
import {
  bench,
  checks,
  entriesIn,
  erase,
  holdOn,
  kim,
  make,
  openCount,
  release,
  retain,
  rowsOf,
  said,
  valuesOf,
} from '../../../support/lapsing-ledger.ts'
import { memoryEraser, memoryRetainer } from '../../../support/memory-vault.ts'
import { attributable, oneByOne } from '../erasure/erase-steps.ts'

describe('what is cut short', () => {
  const awaits = ['#hold', '#held', '#requested', '#erased'] as const
  const cases = awaits.flatMap((partition) =>
    (['before', 'after'] as const).flatMap((fault) =>
      (['insert', 'query', 'get'] as const).map((operation) => ({ partition, fault, operation })),
    ),
  )

  it.each(cases)('$fault $operation of $partition: repeated, it is as if it had not been', async (one) => {
    let isArmed = false
    const b = await bench((operation, { pk }) => {
      if (!isArmed || operation !== one.operation || !pk.includes(one.partition)) return undefined
      isArmed = false
      return one.fault
    })
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const twice = async <T>(work: () => Promise<T>): Promise<T> => {
      isArmed = true
      const failed = await work().then(
        () => undefined,
        (error: unknown) => error,
      )
      isArmed = false
      if (failed !== undefined) expect(failed).toMatchObject({ code: 'unavailable' })
      return work()
    }
    const draft = holdOn()
    await twice(() => make(b, draft))
    const held = await twice(() => erase(b))
    expect(held).toMatchObject({ subjects: 0, held: [{ holdId: draft.holdId }] })
    expect(await openCount(b)).toBe(1)
    await twice(() => release(b, draft.holdId))
    // An erasure that was cut short after its entry is finished by the second, which finds its rows.
    await twice(() => erase(b))
    expect(await rowsOf(b)).toEqual([])
    expect(await entriesIn(b, 'acme#hold')).toHaveLength(2)
    expect(await entriesIn(b, 'acme#erased')).toHaveLength(1)
    expect(await checks(b)).toEqual([])
  })

  it('an erasure between its turn and its entry keeps holds off for an hour, and no longer', async () => {
    const b = await bench()
    await said(b, kim, '2024-06-15T10:20:00.000Z')
    const eraser = memoryEraser(b.ledger)
    const entries = {
      ...eraser.entries,
      insert: async (items: readonly Item[]) => {
        if (items.some(({ pk }) => pk.startsWith('#erased#'))) throw new LedgerError('unavailable', 'as scripted')
        return eraser.entries.insert(items)
      },
    }
    await expect(erase(b, kim, { ...eraser, entries })).rejects.toMatchObject({ code: 'unavailable' })
    // That holds even when retention takes a turn after it.
    const [row] = await rowsOf(b)
    const subject = row && holdsKeyIn(b.scope, row)
    if (subject === undefined) throw new Error('nobody')
    const turns = await turnsOf(b.ledger.entries, 'acme', subject)
    expect(turns).toEqual([{ does: 'erase', at: '2024-06-15T10:20:00.000Z' }])
    expect(await takeTurn(b.ledger.entries, 'acme', subject, turns, { does: 'lapse' }, b.ledger.random)).toBe(true)
    const draft = holdOn()
    await expect(make(b, draft)).rejects.toMatchObject({ code: 'unavailable' })
    b.ledger.setNow('2024-06-15T11:20:00.000Z')
    await make(b, draft)
    expect((await erase(b)).held).toHaveLength(1)
  })
})

/**
 * The invariant of `hold-turns.ts` on every schedule. Kim's years have lapsed, so that retention wants them as much as an erasure does.
 */
it('a hold that was acknowledged always wins: nothing is destroyed by a turn after its own', async () => {
  const met = { held: 0, erased: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5 }), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 2 }),
      fc.boolean(),
      async (schedule, erasers, retentions, isPartial) => {
        const b = await bench()
        await said(b, kim, '2024-06-15T10:20:00.000Z')
        if (isPartial) await said(b, kim, '2027-12-15T10:20:00.000Z', 'statistics')
        b.ledger.setNow('2028-01-05T00:00:00.000Z')
        const [row] = await rowsOf(b)
        const subject = row && holdsKeyIn(b.scope, row)
        if (subject === undefined) throw new Error('nobody')
        const rowsBefore = await valuesOf(b)
        const steps = oneByOne(schedule)
        const draft = holdOn()
        let acknowledged = false
        const work: Promise<unknown>[] = [
          make(b, draft, steps.taken(memoryEraser(b.ledger))).then(
            () => {
              acknowledged = true
            },
            (error: unknown) => {
              if (!(error instanceof LedgerError && /unavailable|not-found/.test(error.code))) throw error
            },
          ),
        ]
        for (let n = 0; n < erasers; n++) work.push(erase(b, kim, steps.taken(memoryEraser(b.ledger))))
        for (let n = 0; n < retentions; n++) work.push(applyRetentionToPage(steps.taken(memoryRetainer(b.ledger))))
        await steps.run(Promise.all(work))
        const turns = await turnsOf(b.ledger.entries, 'acme', subject)
        const ours = turns.findIndex((turn) => turn.does === 'hold')
        const after = ours < 0 ? [] : turns.slice(ours + 1)
        const before = ours < 0 ? turns : turns.slice(0, ours)
        expect(after).toEqual([])
        if (acknowledged) {
          met.held++
          expect(ours).toBeGreaterThanOrEqual(0)
          expect(before.filter(({ does }) => does === 'erase')).toEqual([])
          expect(await rowsOf(b)).not.toEqual([])
          if (before.length === 0) expect(await valuesOf(b)).toEqual(rowsBefore)
          // And from now on.
          const kept = await valuesOf(b)
          await retain(b, '2040-01-01T00:00:00.000Z')
          expect((await erase(b)).held).toHaveLength(1)
          expect(await valuesOf(b)).toEqual(kept)
        } else if (turns.some(({ does }) => does === 'erase')) met.erased++
        const erased = new Set((await entriesIn(b, 'acme#erased')).map(({ sk }) => sk))
        expect((await attributable(b.ledger, b.scope)).filter(({ sub }) => erased.has(sub))).toEqual([])
        expect((await checks(b)).filter((check) => !check.startsWith('vault-orphan'))).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
  expect(met.held).toBeGreaterThan(3)
  expect(met.erased).toBeGreaterThan(3)
})
