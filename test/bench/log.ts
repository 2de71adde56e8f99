/** The log's part of the bench, in its order: verification first, whose first call is to be the first in this process. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openEngineLog } from './engine-log.ts'
import { type GrowthFigures, measureGrowth } from './log-growth.ts'
import { type HashingFigures, measureHashing } from './log-hashing.ts'
import { measureProofs, type ProofFigures } from './log-proofs.ts'
import { type LogSample, takeSample } from './log-sample.ts'
import { runSequencer, type SequencerFigures } from './log-sequencer.ts'
import { measureVerify, type VerifyFigures } from './log-verify.ts'
import { measureWrites, type WritesFigures, type WritesPlan } from './log-writes.ts'

export const logParts = ['verify', 'hashing', 'growth', 'sequencer', 'proofs', 'writes'] as const
export type LogPart = (typeof logParts)[number]

export interface LogPlan {
  /** Leaves of what is computed only. */
  readonly pureLeaves: number
  /** Events of the log on the embedded engine. */
  readonly engineLeaves: number
  readonly writes: WritesPlan
}

export interface LogMeasured {
  readonly verify?: VerifyFigures
  readonly hashing?: HashingFigures
  readonly growth?: GrowthFigures
  /** The large log first, then those of smaller cycles. */
  readonly sequencer?: readonly SequencerFigures[]
  readonly proofs?: ProofFigures
  readonly writes?: WritesFigures
}

type Progress = (line: string) => void

const largeCycle = 5_000
const smallCycles = [1_000, 100, 25, 10]
const cyclesEach = 40
const maxSmallEvents = 10_000

export async function measureLog(
  plan: LogPlan,
  parts: ReadonlySet<LogPart>,
  folder: string,
  progress: Progress,
): Promise<LogMeasured> {
  progress('log: one event, recorded and proven')
  const sample = await takeSample()
  const measured: { -readonly [Part in keyof LogMeasured]: LogMeasured[Part] } = {}
  if (parts.has('verify')) {
    progress('log: verifying its proof')
    measured.verify = await measureVerify(sample)
  }
  if (parts.has('hashing')) {
    progress(`log: hashing ${plan.pureLeaves} leaves`)
    measured.hashing = measureHashing(sample, plan.pureLeaves)
  }
  if (parts.has('growth')) {
    progress(`log: growing to ${plan.pureLeaves} leaves`)
    measured.growth = await measureGrowth(sample, plan.pureLeaves)
  }
  if (parts.has('sequencer') || parts.has('proofs'))
    Object.assign(measured, await onEngine(plan, parts, sample, join(folder, 'engine-log'), progress))
  if (parts.has('writes')) measured.writes = await measureWrites(plan.writes, folder, progress)
  return measured
}

/** Proofs need the large log, so the sequencer is measured with them in any case. */
async function onEngine(
  { engineLeaves }: LogPlan,
  parts: ReadonlySet<LogPart>,
  sample: LogSample,
  folder: string,
  progress: Progress,
): Promise<Pick<LogMeasured, 'sequencer' | 'proofs'>> {
  await mkdir(folder)
  const log = await openEngineLog(folder, sample)
  try {
    const large = { controller: 'large', events: engineLeaves, eventsPerCycle: largeCycle }
    const step = engineLeaves / 10
    let reported = 0
    const sequencer = [
      await runSequencer(log, sample, large, (done) => {
        if (done < reported + step) return
        reported = done
        progress(`log: ${done} of ${engineLeaves} events sequenced and published`)
      }),
    ]
    for (const eventsPerCycle of parts.has('sequencer') ? smallCycles : []) {
      const events = Math.min(engineLeaves, eventsPerCycle * cyclesEach, maxSmallEvents)
      const run = { controller: `cycles-of-${eventsPerCycle}`, events, eventsPerCycle, asDeployed: true }
      sequencer.push(await runSequencer(log, sample, run))
      progress(`log: ${events} events in cycles of ${eventsPerCycle}`)
    }
    if (!parts.has('proofs')) return { sequencer }
    progress(`log: proofs at ${engineLeaves} events`)
    return { sequencer, proofs: await measureProofs(log, sample, large.controller, engineLeaves) }
  } finally {
    await log.close()
  }
}
