/**
 * The whole sequencer: cycles of `sequence` and `publishCheckpoint` as the log runner has them, on the embedded engine with tiles on disk.
 * Entries are announced with their leaves, as the table of one machine announces them. The large log is grown in cycles of 5,000,
 * a cycle's most; logs of their own show what small cycles cost on AWS, where inserts share calls and no transactions.
 */
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../shared/ledger/log/sequencer.ts'
import { type EngineLog, tallyBetween } from './engine-log.ts'
import { median } from './load.ts'
import type { LogSample } from './log-sample.ts'
import { cpuMicros, memoryOf } from './processes.ts'

export interface SequencerRun {
  readonly controller: string
  readonly events: number
  readonly eventsPerCycle: number
  /** Without the transactions of local engines. */
  readonly asDeployed?: boolean
}

export interface SequencerFigures extends SequencerRun {
  readonly eventsPerSecond: number
  readonly callsPerEvent: number
  readonly writeUnitsPerEvent: number
  readonly objectWritesPerEvent: number
  readonly cpuMicrosPerEvent: number
  readonly engineCpuMicrosPerEvent: number
  /** One cycle's two parts, medians. */
  readonly sequenceMs: number
  readonly publishMs: number
  readonly longestPublishMs: number
  /** Bytes of the engine's file. */
  readonly fileBytesPerEvent: number
  readonly memory: { readonly atTenth: LogMemory; readonly atEnd: LogMemory }
}

/** Resident, of this process and of its engine. */
export interface LogMemory {
  readonly processMB: number
  readonly engineMB: number
}

export async function runSequencer(
  log: EngineLog,
  sample: LogSample,
  { controller, events, eventsPerCycle, asDeployed = false }: SequencerRun,
  progress: (done: number) => void = () => {},
): Promise<SequencerFigures> {
  const { engine } = log
  const logWriter = asDeployed ? log.deployed : log.logWriter
  const worker = newSequencerMemory()
  const sequenceMs: number[] = []
  const publishMs: number[] = []
  const before = log.tally()
  const bytesBefore = await log.fileBytes()
  const engineCpuBefore = cpuMicros([engine.pid])
  const cpuBefore = process.cpuUsage()
  let atTenth: LogMemory | undefined
  let ms = 0
  for (let first = 0; first < events; first += eventsPerCycle) {
    const announced = Array.from({ length: Math.min(eventsPerCycle, events - first) }, (_, i) => {
      const key = sample.keyOf(controller, first + i)
      return { key, leaf: String(sample.entryOf(key).values.leaf) }
    })
    const startedAt = performance.now()
    const { indexed } = await sequenceEntries(logWriter, controller, announced, worker)
    const sequencedAt = performance.now()
    await publishCheckpoint(logWriter, controller)
    const publishedAt = performance.now()
    if (indexed !== announced.length) throw new Error(`${indexed} of ${announced.length} events got an index`)
    sequenceMs.push(sequencedAt - startedAt)
    publishMs.push(publishedAt - sequencedAt)
    ms += publishedAt - startedAt
    const done = first + announced.length
    if (done >= events / 10) atTenth ??= memoryNow(engine.pid)
    progress(done)
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  const spent = tallyBetween(before, log.tally())
  const atEnd = memoryNow(engine.pid)
  return {
    ...{ controller, events, eventsPerCycle, asDeployed },
    eventsPerSecond: events / (ms / 1000),
    callsPerEvent: spent.calls / events,
    writeUnitsPerEvent: spent.writeUnits / events,
    objectWritesPerEvent: spent.objectWrites / events,
    cpuMicrosPerEvent: (user + system) / events,
    engineCpuMicrosPerEvent: (cpuMicros([engine.pid]) - engineCpuBefore) / events,
    sequenceMs: median(sequenceMs),
    publishMs: median(publishMs),
    longestPublishMs: Math.max(...publishMs),
    fileBytesPerEvent: ((await log.fileBytes()) - bytesBefore) / events,
    memory: { atTenth: atTenth ?? atEnd, atEnd },
  }
}

function memoryNow(enginePid: number): LogMemory {
  return { processMB: memoryOf([process.pid]).residentMB, engineMB: memoryOf([enginePid]).residentMB }
}
