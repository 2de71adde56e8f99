/**
 * What the log jobs share: `sequence`, `sweep`, `redrive` and `release`. Only they may insert into the log table and use the checkpoint
 * key. Each may run twice, late, out of order or concurrently; after a crash the next run of any of them completes the work. Logs are
 * independent: one that fails does not hold up the others.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import type { ReportDraft } from '../../shared/ledger/jobs/report-draft.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { type DueMarks, dueMarks } from '../../shared/ledger/log/due-logs.ts'
import { leafCache } from '../../shared/ledger/log/leaf-cache.ts'
import { controllerOf } from '../../shared/ledger/log/log-items.ts'
import { checkpointBefore, checkpointSeconds } from '../../shared/ledger/log/log-reader.ts'
import { notePublication } from '../../shared/ledger/log/publication-report.ts'
import { type PublishCheckpoint, publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import {
  type AnnouncedEntry,
  isShared,
  newSequencerMemory,
  type SequencerMemory,
  sequenceEntries,
} from '../../shared/ledger/log/sequencer.ts'
import { mayPublish, type Sleep } from '../../shared/ledger/log/turns.ts'
import type { Key, PutHandover } from '../../shared/ledger/store.ts'
import type { LogEvent, Telemetry } from '../telemetry.ts'

/** Dependencies of the log jobs: sequence, sweep, redrive and release. */
export interface LogJobDependencies {
  readonly logWriter: LogWriter
  /** Ids of all controllers, or of a part of them. Some may name none: a claim whose creation failed leaves an id (`claimedControllers`). */
  readonly controllers: (part?: string) => Promise<readonly string[]>
  /** The raw Ed25519 public key, 32 bytes, that receipts are signed with. The log certifies it and cannot sign with it. */
  readonly receiptPublicKey: Uint8Array
  readonly telemetry: Telemetry
  /** Milliseconds. A log with a younger checkpoint is published with its next batch or by the sweep. 0: always published at once. */
  readonly publishEveryMs: number
  /** Where `sequence` hands over what the stream of entries announces (`hand-over.ts`). @default none: it sequences it itself */
  readonly putHandover?: PutHandover
  /** How the sequencer waits for its turn. @default a timer */
  readonly sleep?: Sleep
  /** Notes for the report what was changed, or in a dry run would be. */
  readonly changed?: ReportDraft['changed']
  /** Another for a dry run. */
  readonly publishCheckpoint?: PublishCheckpoint
}

/** Sequences and publishes each controller's log. Resolves to the controllers whose entries could not be sequenced and are to be retried. */
export type ExtendLogs = (announced: readonly AnnouncedEntry[]) => Promise<ReadonlySet<string>>

/** Leaves of an instance, some 100,000: 30 seconds of 3,000 events a second, which is as long as a checkpoint waits. */
const maxCachedLeafBytes = 64_000_000

/**
 * The returned function remembers announced leaves until they are published, for as long as it lives, and the ends of logs.
 *
 * @param remembersEnds false for a function that gets a log by turns with other instances: what it remembers of a log's end is mostly old,
 *   and an old end costs a batch prepared in vain
 */
export function logExtender(dependencies: LogJobDependencies, remembersEnds = true): ExtendLogs {
  const kept = newSequencerMemory(dependencies.sleep)
  const marks = dueMarks(dependencies.logWriter.log, dependencies.logWriter.clock)
  const leaves = leafCache(dependencies.logWriter.entries, maxCachedLeafBytes)
  const publisher = { ...dependencies, logWriter: { ...dependencies.logWriter, entries: leaves } }
  return (announced) => {
    for (const { key, leaf } of announced) if (leaf !== undefined) leaves.add(key, leaf)
    const memory = remembersEnds ? kept : newSequencerMemory(dependencies.sleep)
    return extendLogs(dependencies, publisher, memory, marks, announced)
  }
}

async function extendLogs(
  job: LogJobDependencies,
  publisher: LogJobDependencies,
  memory: SequencerMemory,
  marks: DueMarks,
  announced: readonly AnnouncedEntry[],
): Promise<ReadonlySet<string>> {
  const { logWriter } = job
  const failed = new Set<string>()
  const ofEach = Map.groupBy(announced, ({ key }) => controllerOf(key))
  await Promise.all(
    [...ofEach].map(async ([controller, entries]) => {
      try {
        await marks.mark(controller)
        const { skipped, indexed, clock } = await sequenceEntries(logWriter, controller, entries, memory)
        if (clock) reportFault(job, clock === 'set-back' ? 'clock-set-back' : 'clock-disagrees', 1, { controller })
        noteSequenced(job, controller, indexed, skipped.length)
      } catch (error) {
        // A retry cannot mend a forked log and would block the shard. The alarm brings an operator, who runs redrive.
        if (!(error instanceof LedgerError && error.code === 'log-forked')) failed.add(controller)
        reportFault(job, 'not-sequenced', entries.length, { controller, code: codeOf(error) })
        return
      }
      await publish(publisher, controller, isShared(memory, controller, logWriter.clock()))
    }),
  )
  return failed
}

/**
 * Publishes a checkpoint when the newest one is old enough, because each costs two signatures: the first batch after a pause at once, one
 * soon after a checkpoint with the next batch or the sweep. Resolves to false when publishing failed; the next sweep tries again.
 *
 * @param hasOthers whether other instances sequence this log: then one of them publishes, and the sweep if that fails
 */
export async function publish(job: LogJobDependencies, controller: string, hasOthers = false): Promise<boolean> {
  try {
    const due = job.publishEveryMs === 0 && !hasOthers ? 0 : await dueSince(job, controller)
    if (due === undefined || (hasOthers && !(await mayPublish(job.logWriter, controller, due)))) return true
    const published = await (job.publishCheckpoint ?? publishCheckpoint)(job.logWriter, controller)
    if (job.changed) notePublication({ changed: job.changed }, controller, published)
    return true
  } catch (error) {
    reportFault(job, 'not-published', 1, { controller, code: codeOf(error) })
    return false
  }
}

/** Size of the checkpoint that is to be extended now; `undefined` when it is too early. */
async function dueSince({ logWriter, publishEveryMs }: LogJobDependencies, controller: string) {
  const newest = await checkpointBefore(logWriter, controller, Number.MAX_SAFE_INTEGER)
  // The checkpoint of an empty log was made when the log was opened, just now.
  if (newest === undefined || newest.size === 0) return newest?.size ?? 0
  const ageMs = logWriter.clock() - checkpointSeconds(logWriter, newest) * 1000
  return ageMs >= publishEveryMs || ageMs < 0 ? newest.size : undefined
}

/** Counts what was sequenced and what could not be. */
export function noteSequenced(job: LogJobDependencies, controller: string, indexed: number, skipped: number): void {
  job.telemetry.add('EntriesSequenced', indexed)
  job.telemetry.add('EntriesSkipped', skipped)
  job.changed?.('entries-sequenced', indexed, controller)
  if (skipped > 0) reportFault(job, 'entries-skipped', skipped, { controller })
}

/** Logs and counts a fault that an operator or another run has to mend. */
export function reportFault(
  { telemetry }: LogJobDependencies,
  event: LogEvent,
  count: number,
  more: { readonly controller?: string; readonly code?: string } = {},
): void {
  telemetry.add('LogFaults', 1)
  telemetry.log({ level: 'error', event, count, ...more })
}

export function isKey(key: { readonly pk?: unknown; readonly sk?: unknown } | null | undefined): key is Key {
  return typeof key?.pk === 'string' && /^[a-z0-9-]{1,40}#./.test(key.pk) && typeof key.sk === 'string' && key.sk !== ''
}
