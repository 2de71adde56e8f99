import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { useFastSignatures } from './fast-signatures.ts'
import { type Beginning, beginning, type Result, run, type Weakness } from './run.ts'
import type { Fate } from './scheduler.ts'
import { publisherWeaknesses, restoreWeaknesses, sequencerWeaknesses } from './weaknesses.ts'

/** More seeds find more; what a failure names is a seed that can be run again. */
const runs = Number(process.env.FAULT_RUNS ?? 8_000)
const restoreRuns = Math.ceil(runs / 8)
const weakRuns = Number(process.env.WEAK_RUNS ?? 150)

let beginnings: readonly Beginning[] = []
let restoreSignatures = () => {}
const { stackTraceLimit } = Error

beforeAll(async () => {
  // Faults by the hundred thousand: a stack trace takes longer than the step that fails.
  Error.stackTraceLimit = 0
  restoreSignatures = useFastSignatures()
  // Not opened; opened a moment ago; about to complete the first tile; and the second.
  beginnings = await Promise.all([0, 8, 236, 496].map(beginning))
})
afterAll(() => {
  restoreSignatures()
  Error.stackTraceLimit = stackTraceLimit
})

/** The longer a log is, the longer it takes to examine: short ones come up more often. */
const mix = [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 3]

function beginningOf(seed: number): Beginning {
  const found = beginnings[mix[seed % mix.length] ?? 0]
  if (!found) throw new Error('no beginning')
  return found
}

async function all(count: number, of: (seed: number) => Promise<Result>): Promise<{ bad: string[]; refusals: number }> {
  const bad: string[] = []
  let refusals = 0
  for (let seed = 1; seed <= count; seed++) {
    const result = await of(seed)
    if (result.wrong.length > 0) bad.push(`seed ${seed}: ${result.wrong.slice(0, 3).join('; ')}`)
    refusals += result.refusals
  }
  return { bad, refusals }
}

describe('a log with several writers and faults', () => {
  it('is complete in the end under any schedule', async () => {
    const { bad } = await all(runs, (seed) => run({ seed, beginning: beginningOf(seed) }))
    console.log(`${runs} scheduled runs, ${bad.length} violations`)
    expect(bad.slice(0, 9)).toEqual([])
  })

  it('never forks from what was published when its table is restored in place', async () => {
    const { bad, refusals } = await all(restoreRuns, (seed) =>
      run({ seed, beginning: beginningOf(seed), isRestored: true }),
    )
    console.log(`${restoreRuns} runs with a restore, ${bad.length} violations, ${refusals} refusals`)
    expect(bad.slice(0, 9)).toEqual([])
    expect(refusals).toBeGreaterThan(restoreRuns / 4)
  })

  const fates: readonly Fate[] = ['failed', 'lost', 'late', 'crash-before', 'crash-after']
  it.each([0, 1, 2])('is complete after any single fault at any operation (beginning %i)', async (from) => {
    const bad: string[] = []
    let count = 0
    const of = (decide: (tick: number) => Fate) => run({ seed: 12, beginning: beginningOf(from), decide })
    const { ticks } = await of(() => 'done')
    for (let at = 1; at <= ticks; at++) {
      for (const fate of fates) {
        const { wrong } = await of((tick) => (tick === at ? fate : 'done'))
        if (wrong.length > 0) bad.push(`${fate} at ${at}: ${wrong[0]}`)
        count++
      }
    }
    console.log(`${count} runs with a single fault, ${bad.length} violations`)
    expect(bad.slice(0, 9)).toEqual([])
  })

  it('runs the same way again from the same seed', async () => {
    const twice = await Promise.all([7, 7].map((seed) => run({ seed, beginning: beginningOf(15) })))
    expect(twice[0]).toEqual(twice[1])
  })
})

describe('the suite notices', () => {
  const notices = (weakness: Weakness, isRestored: boolean) => {
    test(weakness.name, async () => {
      const { bad } = await all(weakRuns, (seed) => run({ seed, beginning: beginningOf(seed), weakness, isRestored }))
      console.log(`${weakness.name}: ${bad.length} bad runs of ${weakRuns}; ${bad[0]}`)
      expect(bad.length).toBeGreaterThan(0)
    })
  }
  for (const weakness of [...sequencerWeaknesses, ...publisherWeaknesses]) notices(weakness, false)
  for (const weakness of restoreWeaknesses) notices(weakness, true)
})
