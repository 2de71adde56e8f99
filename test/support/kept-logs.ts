/**
 * Logs under the functions that keep them: `sequence`, `sweep` and `redrive` on the real sequencer and publisher, over tables in memory.
 * A test says which controllers' logs and which objects do not answer, whether anything can be signed, and what time it is.
 */
import { randomBytes } from 'node:crypto'
import type { LogJobDependencies } from '../../functions/jobs/extend-logs.ts'
import { createReleaseHandler } from '../../functions/jobs/release.ts'
import { createSequenceHandler } from '../../functions/jobs/sequence.ts'
import { createSweepHandler } from '../../functions/jobs/sweep.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { checkpointPk } from '../../shared/ledger/log/log-items.ts'
import type { Item, Objects, Signer } from '../../shared/ledger/store.ts'
import { failingObjects } from './failing-objects.ts'
import { memoryObjects } from './memory-ledger.ts'
import { memoryLogWriter, testSigner } from './memory-log-writer.ts'
import { type MemoryTable, memoryTable } from './memory-table.ts'
import { type RecordedTelemetry, recordedTelemetry } from './recorded-telemetry.ts'
import { bySchedule } from './scheduled-run.ts'
import { streamEvent } from './stream-records.ts'

export interface KeptLogs {
  readonly entries: MemoryTable
  readonly log: MemoryTable
  readonly objects: Objects
  readonly logWriter: LogWriter
  readonly telemetry: RecordedTelemetry
  /** Controllers whose log table does not answer. */
  readonly down: Set<string>
  /** Objects whose names begin so cannot be read or written. */
  unreachable: readonly string[]
  canSign: boolean
  /** Controllers that the sweep visits. */
  controllers: readonly string[]
  now: string
  publishEveryMs: number
  /** For one log, how many inserts into its table still succeed; then the process is as if killed. */
  readonly crashAfter: Map<string, number>
  indexOf(item: Item): Promise<unknown>
  /** Size of the newest checkpoint's row; -1 without one. */
  published(controller: string): Promise<number>
  dependencies(logWriter?: LogWriter): LogJobDependencies
  /** The jobs as a new instance has them: started again with `publishEveryMs`, and with this log writer. */
  start(logWriter?: LogWriter): void
  readonly sequence: ReturnType<typeof createSequenceHandler>
  /** By its schedule, unless another event is given. */
  readonly sweep: ReturnType<typeof createSweepHandler>
  readonly release: ReturnType<typeof createReleaseHandler>
  /** Announces entries to `sequence`, without inserting them. */
  announce(...items: readonly Item[]): Promise<unknown>
  /** The same while nothing can be signed: they are sequenced and have no checkpoint. */
  announceUnsigned(...items: readonly Item[]): Promise<void>
  /** What the last sweep measured. */
  checkpointAge(): number | undefined
}

export const receiptPublicKey = testSigner(3).publicKey

export function keptLogs(): KeptLogs {
  const down = new Set<string>()
  const crashAfter = new Map<string, number>()
  const entries = memoryTable()
  const log = memoryTable({
    fault(operation, { pk }) {
      const controller = pk.split('#')[0] ?? ''
      if (down.has(controller)) return 'before'
      const left = crashAfter.get(controller)
      if (left === undefined || operation !== 'insert') return undefined
      crashAfter.set(controller, left - 1)
      return left > 0 ? undefined : 'before'
    },
  })
  const clock = () => Date.parse(logs.now)
  const isUnreachable = (name: string) => logs.unreachable.some((prefix) => name.startsWith(prefix))
  const objects = failingObjects(memoryObjects(), isUnreachable)
  const kept = memoryLogWriter({ entries, log, objects, clock, random: randomBytes, host: 'ledger.example' })
  const guarded = ({ publicKey, sign }: Signer): Signer => ({
    publicKey,
    sign: async (message) => {
      if (logs.canSign) return sign(message)
      throw new TypeError('no key today')
    },
  })
  const telemetry = recordedTelemetry()
  let jobs: Pick<KeptLogs, 'sequence' | 'sweep' | 'release'>
  const logs: KeptLogs = {
    entries,
    log,
    objects,
    logWriter: { ...kept, checkpointSigner: guarded(kept.checkpointSigner) },
    telemetry,
    down,
    unreachable: [],
    crashAfter,
    canSign: true,
    controllers: [],
    now: '2026-11-22T12:00:00.000Z',
    publishEveryMs: 0,
    indexOf: async (item) => (await log.get([item]))[0]?.values.index,
    async published(controller) {
      const rows = await log.query(checkpointPk(controller), { descending: true, limit: 1 })
      return Number(rows.items[0]?.sk ?? -1)
    },
    dependencies: (logWriter = logs.logWriter) => ({
      logWriter,
      controllers: async () => logs.controllers,
      receiptPublicKey,
      telemetry,
      publishEveryMs: logs.publishEveryMs,
    }),
    start(logWriter) {
      const dependencies = logs.dependencies(logWriter)
      jobs = {
        sequence: createSequenceHandler(dependencies),
        sweep: createSweepHandler(dependencies),
        release: createReleaseHandler(dependencies),
      }
    },
    sequence: (event) => jobs.sequence(event),
    sweep: (event = bySchedule) => jobs.sweep(event),
    release: (event = bySchedule) => jobs.release(event),
    announce: (...items) => jobs.sequence(streamEvent(items)),
    async announceUnsigned(...items) {
      logs.canSign = false
      await logs.announce(...items)
      logs.canSign = true
    },
    checkpointAge: () => telemetry.logged.findLast(({ line }) => line.event === 'swept')?.sums.CheckpointAge,
  }
  logs.start()
  return logs
}

export function logEntry(controller: string, n: number): Item {
  return {
    pk: `${controller}#pseudonym-${n}`,
    sk: `event#${n}`,
    values: { leaf: `{"kind":"event","sub":"pseudonym-${n}","v":1}`, hour: '2026-11-22T12', payload: randomBytes(8) },
  }
}
