/** The daily release: erasures get their leaves together, in the order of their pseudonyms, once, whatever fails on the way. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { releaseErasures } from '../../../../shared/ledger/log/release-erasures.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import type { Key } from '../../../../shared/ledger/store.ts'
import { controller, type SampleLog, sampleLog } from '../../../support/sample-log.ts'

const erased = (sub: string) => ({
  pk: `${controller}#erased`,
  sk: sub,
  values: { leaf: `{"kind":"erased","sub":"${sub}","v":1}`, day: '2026-11-22' },
})
const loggedSubs = async (sample: SampleLog) =>
  (await sample.leaves()).flatMap((leaf) => {
    const { kind, sub } = JSON.parse(leaf)
    return kind === 'erased' ? [sub] : []
  })

it('sorts what came in any order, and passes over what has its leaf', async () => {
  const sample = sampleLog()
  await sequenceEntries(sample, controller, await sample.store(0, 3), newSequencerMemory())
  for (const sub of ['m', 'c', 'x']) await sample.entries.insert([erased(sub)])
  expect(await releaseErasures(sample, controller)).toEqual({ indexed: 3, batches: 1, skipped: [] })
  for (const sub of ['z', 'a', 'd']) await sample.entries.insert([erased(sub)])
  expect(await releaseErasures(sample, controller)).toEqual({ indexed: 3, batches: 1, skipped: [] })
  expect(await releaseErasures(sample, controller)).toEqual({ indexed: 0, batches: 0, skipped: [] })
  expect(await loggedSubs(sample)).toEqual(['c', 'm', 'x', 'a', 'd', 'z'])
  await publishCheckpoint(sample, controller)
  expect(await sample.checkpoints()).toHaveLength(2)
})

it('of more than fit one page or one batch is one order still', async () => {
  const sample = sampleLog()
  const subs = Array.from({ length: 2_300 }, (_, n) => String((n * 7919) % 2_300).padStart(5, '0'))
  await sample.entries.insert(subs.map(erased))
  expect(await releaseErasures(sample, controller)).toMatchObject({ indexed: 2_300, batches: 3 })
  expect(await loggedSubs(sample)).toEqual(subs.toSorted())
})

it('of nobody, in a log that was never opened, does nothing', async () => {
  const sample = sampleLog()
  expect(await releaseErasures(sample, controller)).toEqual({ indexed: 0, batches: 0, skipped: [] })
  expect(await sample.batches()).toEqual([])
})

it('is whole after any failures of the log table: each leaf once, and what one run releases is sorted', async () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom(...'abcdef') }), {
    minLength: 1,
    maxLength: 12,
  })
  const fates = fc.array(fc.constantFrom(undefined, undefined, undefined, 'before' as const, 'after' as const), {
    maxLength: 40,
  })
  await fc.assert(
    fc.asyncProperty(names, fates, async (subs, drawn) => {
      const sample = sampleLog()
      await sample.entries.insert(subs.map(erased))
      const left = [...drawn]
      sample.fault = (operation: string, _key: Key) => {
        const fate = left.shift()
        return operation === 'insert' || fate !== 'after' ? fate : 'before'
      }
      let isDone = false
      for (let run = 0; run < 60 && !isDone; run++) {
        isDone = await releaseErasures(sample, controller).then(
          () => true,
          () => false,
        )
      }
      sample.fault = () => undefined
      expect(isDone).toBe(true)
      // One batch holds them all: whichever run commits it, it is in order.
      expect(await loggedSubs(sample)).toEqual(subs.toSorted())
      await publishCheckpoint(sample, controller)
    }),
    { numRuns: 150 },
  )
})
