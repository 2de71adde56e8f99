/** The daily release: erasures get their leaves together, in the order of their pseudonyms, once, whatever fails on the way. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { erasureMark } from '../../../../shared/ledger/erasure/erasure-marks.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { releaseErasures, withoutLeaf } from '../../../../shared/ledger/log/release-erasures.ts'
import { sequenceKeys } from '../../../../shared/ledger/log/sequence-keys.ts'
import { newSequencerMemory, type Sequenced, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import type { Item, Key } from '../../../../shared/ledger/store.ts'
import { controller, type SampleLog, sampleLog } from '../../../support/sample-log.ts'

const erased = (sub: string) => ({
  pk: `${controller}#erased`,
  sk: sub,
  values: { leaf: `{"kind":"erased","sub":"${sub}","v":1}`, day: '2026-11-22' },
})
/** The erasures as the eraser stores them: the marks before. */
async function store(sample: SampleLog, subs: readonly string[], day = '2026-11-22'): Promise<void> {
  await sample.entries.insert(subs.map((sub) => erasureMark(controller, sub, day)))
  await sample.entries.insert(subs.map(erased))
}
async function release(sample: SampleLog): Promise<Sequenced> {
  let sequenced: Sequenced = { indexed: 0, batches: 0, skipped: [] }
  const all = async () => [controller]
  await releaseErasures(sample, all, async (_, keys) => {
    sequenced = await sequenceKeys(sample, controller, await withoutLeaf(sample, await keys()))
    return true
  })
  return sequenced
}
const loggedSubs = async (sample: SampleLog) =>
  (await sample.leaves()).flatMap((leaf) => {
    const { kind, sub } = JSON.parse(leaf)
    return kind === 'erased' ? [sub] : []
  })

it('sorts what came in any order, and passes over what has its leaf', async () => {
  const sample = sampleLog()
  await sequenceEntries(sample, controller, await sample.store(0, 3), newSequencerMemory())
  await store(sample, ['m', 'c', 'x'])
  expect(await release(sample)).toEqual({ indexed: 3, batches: 1, skipped: [] })
  await store(sample, ['z', 'a', 'd'])
  expect(await release(sample)).toEqual({ indexed: 3, batches: 1, skipped: [] })
  expect(await release(sample)).toEqual({ indexed: 0, batches: 0, skipped: [] })
  expect(await loggedSubs(sample)).toEqual(['c', 'm', 'x', 'a', 'd', 'z'])
  await publishCheckpoint(sample, controller)
  expect(await sample.checkpoints()).toHaveLength(2)
})

it('of more than fit one page or one batch is one order still', async () => {
  const sample = sampleLog()
  const subs = Array.from({ length: 2_300 }, (_, n) => String((n * 7919) % 2_300).padStart(5, '0'))
  await store(sample, subs)
  expect(await release(sample)).toMatchObject({ indexed: 2_300, batches: 3 })
  expect(await loggedSubs(sample)).toEqual(subs.toSorted())
})

it('of nobody, in a log that was never opened, does nothing', async () => {
  const sample = sampleLog()
  expect(await release(sample)).toEqual({ indexed: 0, batches: 0, skipped: [] })
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
      await store(sample, subs)
      const left = [...drawn]
      sample.fault = (operation: string, _key: Key) => {
        const fate = left.shift()
        return operation === 'insert' || fate !== 'after' ? fate : 'before'
      }
      let isDone = false
      for (let run = 0; run < 60 && !isDone; run++) {
        isDone = await release(sample).then(
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

it('reads the days that it has not released, however many erasures there were before', async () => {
  const sample = sampleLog()
  const first = Date.parse('2026-11-22T02:43:00.000Z')
  let nowMs = first
  let asked: string[] = []
  const counted = (table: typeof sample.log, name: string) => ({
    ...table,
    get: (keys: readonly Key[]) => {
      asked.push(`${name} get ${keys.length}`)
      return table.get(keys)
    },
    query: (pk: string, options: object) => {
      asked.push(`${name} query ${pk}`)
      return table.query(pk, options)
    },
  })
  const jobs: SampleLog = {
    ...sample,
    clock: () => nowMs,
    log: counted(sample.log, 'log'),
    entries: { ...sample.entries, ...counted(sample.entries as typeof sample.log, 'entries') },
  }
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const subsOf = (night: number) => Array.from({ length: 50 }, (_, n) => `${night}-${String(n).padStart(2, '0')}`)
  const costs: string[][] = []
  for (let night = 0; night < 10; night++) {
    nowMs = first + night * 86_400_000
    await store(sample, subsOf(night), dayOf(nowMs - 3_600_000 * 4))
    asked = []
    expect(await release(jobs)).toMatchObject({ indexed: 50, skipped: [] })
    costs.push(asked.filter((each) => /get (50|1000)$|#erased|#released/.test(each)))
  }
  // The position; the marks of three days, of which two have erasures; their index rows; and those that wait, here and in the sequencer.
  const nights = costs.slice(4).map((asked) => asked.map((each) => each.replace(/\d{4}-\d\d-\d\d/, 'day')).toSorted())
  const day = ['entries query #erased#day', 'log get 50']
  for (const night of nights)
    expect(night).toEqual(
      ['log query #released', ...day, ...day, day[0], 'entries get 50', 'entries get 50'].toSorted(),
    )
  expect(await loggedSubs(sample)).toHaveLength(500)
})

it('leaves no erasure without a leaf that a release of all would give one, whatever failed and in whichever order', async () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('erase' as const), sub: fc.integer({ min: 0, max: 30 }), isCut: fc.boolean() }),
    fc.record({ does: fc.constant('release' as const), failsAfter: fc.constantFrom(0, 1, 2, 3, 5, 8, 99) }),
    fc.record({ does: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 100 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const sample = sampleLog()
      let nowMs = Date.parse('2026-11-22T12:00:00.000Z')
      const jobs: SampleLog = { ...sample, clock: () => nowMs }
      for (const each of [...steps, { does: 'release' as const, failsAfter: Number.POSITIVE_INFINITY }]) {
        if (each.does === 'wait') nowMs += each.hours * 3_600_000
        if (each.does === 'erase') {
          const sub = `s${each.sub}`
          const day = new Date(nowMs).toISOString().slice(0, 10)
          const items: Item[] = [erasureMark(controller, sub, day), ...(each.isCut ? [] : [erased(sub)])]
          for (const item of items) await sample.entries.insert([item])
        }
        if (each.does === 'release') {
          let left = each.failsAfter
          sample.fault = () => (left-- > 0 ? undefined : 'before')
          await release(jobs).catch(() => undefined)
          sample.fault = () => undefined
        }
      }
      const all = (await sample.entries.query(`${controller}#erased`)).items
      expect((await loggedSubs(sample)).toSorted()).toEqual(all.map(({ sk }) => sk).toSorted())
      expect(await withoutLeaf(sample, all)).toEqual([])
    }),
    { numRuns: 200 },
  )
})
