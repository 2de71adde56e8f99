/**
 * What the functions that keep the logs have in common: `sequence`, `sweep`, `redrive` and `release`. They alone may insert into the log table and
 * use the checkpoint key. All may run twice, late, out of order and at once; a crash anywhere leaves what the next run of any of them
 * completes. Each log is kept for itself: one that fails takes nothing from the others.
 */
import { LedgerError } from '../../shared/errors.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { controllerOf } from '../../shared/ledger/log/log-items.ts'
import { checkpointBefore, checkpointSeconds } from '../../shared/ledger/log/log-reader.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import {
  type AnnouncedEntry,
  newSequencerMemory,
  type SequencerMemory,
  sequenceEntries,
} from '../../shared/ledger/log/sequencer.ts'
import type { Key } from '../../shared/ledger/store.ts'
import type { LogEvent, Telemetry } from '../telemetry.ts'

/** Dependencies of the log jobs: sequence, sweep, redrive and release. */
export interface LogJobDependencies {
  readonly logWriter: LogWriter
  /** Ids of all controllers. Some may name none: a claim whose creation failed leaves an id (`claimedControllers`). */
  readonly controllers: () => Promise<readonly string[]>
  /** The raw Ed25519 public key, 32 bytes, that receipts are signed with. The log certifies it and cannot sign with it. */
  readonly receiptPublicKey: Uint8Array
  readonly telemetry: Telemetry
  /** Milliseconds. A log with a younger checkpoint is published with its next batch or by the sweep. 0: always published at once. */
  readonly publishEveryMs: number
}

/** Sequences and publishes each controller's log. Resolves to the controllers whose entries could not be sequenced and are to be retried. */
export type ExtendLogs = (announced: readonly AnnouncedEntry[]) => Promise<ReadonlySet<string>>

/** What the sequencer has settled is remembered for as long as the returned function lives. */
export function logExtender(dependencies: LogJobDependencies): ExtendLogs {
  const worker = newSequencerMemory()
  return (announced) => extendLogs(dependencies, worker, announced)
}

async function extendLogs(
  keeping: LogJobDependencies,
  worker: SequencerMemory,
  announced: readonly AnnouncedEntry[],
): Promise<ReadonlySet<string>> {
  const { logWriter, telemetry } = keeping
  const failed = new Set<string>()
  const ofEach = Map.groupBy(announced, ({ key }) => controllerOf(key))
  await Promise.all(
    [...ofEach].map(async ([controller, entries]) => {
      try {
        const { skipped, indexed, clock } = await sequenceEntries(logWriter, controller, entries, worker)
        if (clock) reportFault(keeping, clock === 'set-back' ? 'clock-set-back' : 'clock-disagrees', 1, { controller })
        telemetry.add('EntriesSequenced', indexed)
        telemetry.add('EntriesSkipped', skipped.length)
        if (skipped.length > 0) reportFault(keeping, 'entries-skipped', skipped.length, { controller })
      } catch (error) {
        // What a retry cannot help would hold up every other log of the shard: a person looks, and the redrive goes on.
        if (!(error instanceof LedgerError && error.code === 'log-forked')) failed.add(controller)
        reportFault(keeping, 'not-sequenced', entries.length, { controller, code: codeOf(error) })
        return
      }
      await publish(keeping, controller)
    }),
  )
  return failed
}

/**
 * Publishes a checkpoint when the newest one is old enough, because each costs two signatures. The first batch after a pause is published
 * at once. A batch too soon after a checkpoint is left to the next batch or the sweep. Returns false when publishing failed: the next sweep
 * tries again.
 */
export async function publish(keeping: LogJobDependencies, controller: string): Promise<boolean> {
  try {
    if (await isDue(keeping, controller)) await publishCheckpoint(keeping.logWriter, controller)
    return true
  } catch (error) {
    reportFault(keeping, 'not-published', 1, { controller, code: codeOf(error) })
    return false
  }
}

async function isDue({ logWriter, publishEveryMs }: LogJobDependencies, controller: string): Promise<boolean> {
  if (publishEveryMs === 0) return true
  const newest = await checkpointBefore(logWriter, controller, Number.MAX_SAFE_INTEGER)
  // The checkpoint of the empty log is of its opening, a moment ago.
  if (newest === undefined || newest.size === 0) return true
  const ageMs = logWriter.clock() - checkpointSeconds(logWriter, newest) * 1000
  return ageMs >= publishEveryMs || ageMs < 0
}

/** Something that wants a person's eyes, or another run. */
export function reportFault(
  { telemetry }: LogJobDependencies,
  event: LogEvent,
  count: number,
  more: { readonly controller?: string; readonly code?: string } = {},
): void {
  telemetry.add('LogFaults', 1)
  telemetry.log({ level: 'error', event, count, ...more })
}

export function codeOf(error: unknown): string {
  if (error instanceof LedgerError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}

export function isKey(key: { readonly pk?: unknown; readonly sk?: unknown } | null | undefined): key is Key {
  return typeof key?.pk === 'string' && /^[a-z0-9-]{1,40}#./.test(key.pk) && typeof key.sk === 'string' && key.sk !== ''
}
