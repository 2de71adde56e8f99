/**
 * The sequencer: gives announced entries their leaf indexes, by the six rules in [README.md](README.md#sequencer). The commit point is
 * one insert, of a batch at the next leaf index. If it succeeds, no batch was committed since the last one was read. Because the index rows
 * of that last batch were complete before the keys were looked up, no entry of the new batch is in an earlier one.
 *
 * A batch's time is never before that of the batch before it, with one exception. When the log is more than 5 minutes ahead of the
 * sequencer's clock and an entry to be sequenced refutes the log's time (`consent/clocks.ts`), the time goes back to the clock:
 * otherwise one hour of a wrong clock would stamp everything for as long as it was wrong.
 *
 * Any number of sequencers may run at once, crash anywhere, and get the same entries again. They take turns (`turns.ts`), so that few of
 * them work in vain. A crash before the commit leaves nothing. A crash after it leaves a batch whose index rows the next run completes first.
 */
import { maxLeafBytes } from '../../consent/leaf.ts'
import { LedgerError } from '../../errors.ts'
import { appendLeaves, type CompactRange, leafHash, rootOf } from '../../tlog/merkle.ts'
import type { LogWriter } from '../ledger.ts'
import type { Key, Table } from '../store.ts'
import { hourOf, isAheadOf, isTimeRefuted, nextTime } from './batch-time.ts'
import { emptyTree, equalHashes, forkedLogError, lastBatch, treeOf } from './batches.ts'
import { newestStoredCheckpoint } from './checkpoint-store.ts'
import { completeIndexRows, insertIndexRows, withoutRow } from './index-rows.ts'
import {
  type Batch,
  batchEnd,
  batchItem,
  fitsBatch,
  type LoggedEntry,
  maxBatchBytes,
  maxBatchEntries,
  packedBytes,
  timeKey,
  timeLeaf,
} from './log-items.ts'
import { openLog } from './open-log.ts'
import { storeSetBack } from './set-backs.ts'
import { batchesUntilTurn, type Sleep } from './turns.ts'

export interface AnnouncedEntry {
  readonly key: Key
  /** The leaf bytes when the caller has them; otherwise they are read from the entries. */
  readonly leaf?: string
}

export interface SkippedEntry {
  readonly key: Key
  readonly reason: 'no-such-entry' | 'no-valid-leaf'
}

/** When this is returned, every announced entry except the skipped ones has its index row. */
export interface Sequenced {
  /** Entries that this run gave an index, `time` leaves not counted. */
  readonly indexed: number
  readonly batches: number
  /** Not retried here: the caller counts them and raises an alarm. */
  readonly skipped: readonly SkippedEntry[]
  /**
   * Absent while the log and this sequencer's clock agree. `disagrees`: the log is more than 5 minutes ahead, and nothing says which of the
   * two is wrong, so the log's time counts. `set-back`: the log's was, and is right again.
   */
  readonly clock?: 'disagrees' | 'set-back'
}

/** The end of the log, to which the next batch is appended. */
interface Tail {
  readonly range: CompactRange
  /** Empty when there is no batch yet. */
  readonly at: string
}

/** What one process remembers. It saves calls, and nothing depends on it. */
export interface SequencerMemory {
  /** By controller, the last batch whose index rows it saw stored. It need not be the newest: a commit after an older one finds its key taken. */
  readonly settled: Map<string, Tail>
  /** Logs in which it saw a batch of another process, and until when it takes turns with it. */
  readonly sharedUntil: Map<string, number>
  readonly sleep: Sleep
}

/** @param sleep waits for the turns of other sequencers (`turns.ts`) */
export function newSequencerMemory(sleep: Sleep = realSleep): SequencerMemory {
  return { settled: new Map(), sharedUntil: new Map(), sleep }
}

const realSleep: Sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
/** Turns are taken for so long after another's batch was seen. */
const sharedMs = 60_000

/** Whether another process sequences this log as well. */
export function isShared({ sharedUntil }: SequencerMemory, controller: string, nowMs: number): boolean {
  const until = sharedUntil.get(controller)
  return until !== undefined && nowMs < until
}

function share({ clock }: LogWriter, controller: string, { sharedUntil }: SequencerMemory): void {
  sharedUntil.set(controller, clock() + sharedMs)
}

/** Rules 2 and 3 and the bounds of a batch. A parameter, so that the fault suite can show what breaks without each. */
export interface SequencerRules {
  /** Completes the index rows of the last batch, if it is not settled; only then: which of these keys have no row? */
  pending(log: Table, unsettled: Batch | undefined, keys: readonly Key[]): Promise<readonly Key[]>
  readonly maxEntries: number
  readonly maxBytes: number
}

export const sequencerRules: SequencerRules = {
  async pending(log, unsettled, keys) {
    if (unsettled) await completeIndexRows(log, unsettled)
    return withoutRow(log, keys)
  },
  maxEntries: maxBatchEntries,
  maxBytes: maxBatchBytes,
}

/**
 * Gives each announced entry its leaf index, in as many batches as it takes.
 *
 * @param announced entries of this controller, in any number of copies
 * @param memory of this process, kept from run to run
 * @throws `log-forked` when the table is not what a sequencer wrote, or ends before a published size; `unavailable`
 */
export async function sequenceEntries(
  logWriter: LogWriter,
  controller: string,
  announced: readonly AnnouncedEntry[],
  memory: SequencerMemory,
  rules: SequencerRules = sequencerRules,
): Promise<Sequenced> {
  const work = distinct(controller, announced)
  const skipped: SkippedEntry[] = []
  let indexed = 0
  let batches = 0
  let clock: Sequenced['clock']
  while (work.size > 0) {
    const start = await startOf(logWriter, controller, memory)
    const isRefuted = await isTimeRefuted(logWriter, start.tail, [...work.values()])
    if (isAheadOf(logWriter, start.tail)) clock = isRefuted ? 'set-back' : 'disagrees'
    let { tail } = start
    const hour = hourOf(nextTime(logWriter, tail, isRefuted))
    const time = hour === hourOf(tail.at) ? [] : [timeKey(controller, hour)]
    const keys = [...work.values()].map(({ key }) => key)
    const pending = new Set((await rules.pending(logWriter.log, start.unsettled, [...time, ...keys])).map(keyText))
    memory.settled.set(controller, tail)
    for (const name of work.keys()) if (!pending.has(name)) work.delete(name)
    let timeLeaves = time.filter((key) => pending.has(keyText(key))).map((key) => ({ key, leaf: timeLeaf(key.sk) }))

    while (work.size > 0) {
      if (isShared(memory, controller, logWriter.clock())) {
        const since = await batchesUntilTurn(logWriter, controller, tail.range.size, memory.sleep)
        if (since === undefined) {
          memory.settled.delete(controller)
          break
        }
        // No row was found for these keys when the log ended at `tail`, and the batches since name theirs themselves.
        for (const { key } of since.flatMap(({ entries }) => entries)) {
          work.delete(keyText(key))
          timeLeaves = timeLeaves.filter((leaf) => keyText(leaf.key) !== keyText(key))
        }
        const last = since.at(-1)
        if (last) {
          share(logWriter, controller, memory)
          tail = { range: treeOf(last).range, at: last.at }
          await rules.pending(logWriter.log, last, [])
          memory.settled.set(controller, tail)
          if (work.size === 0) break
        }
      }
      const at = nextTime(logWriter, tail, isRefuted)
      // A new hour began, and its `time` leaf has not passed rule 3: start again after what was committed.
      if (hourOf(at) !== hour) break
      const { whole, broken } = await withLeaves(logWriter, nextOf(work, timeLeaves, rules))
      for (const skip of broken) work.delete(keyText(skip.key))
      skipped.push(...broken)
      if (whole.length === 0) continue
      if (tail.range.size === 0) await openLog(logWriter, controller)
      const batch = batchBehind(tail, [...timeLeaves, ...whole], logWriter.random(16), at)
      if (at < tail.at)
        await storeSetBack(logWriter.log, controller, { size: batchEnd(batch), from: at, until: tail.at })
      if (!(await commit(logWriter.log, controller, batch))) {
        memory.settled.delete(controller)
        share(logWriter, controller, memory)
        break
      }
      memory.settled.delete(controller)
      await insertIndexRows(logWriter.log, batch)
      tail = batch
      memory.settled.set(controller, { range: batch.range, at })
      for (const { key } of whole) work.delete(keyText(key))
      timeLeaves = []
      indexed += whole.length
      batches++
    }
  }
  return { indexed, batches, skipped, ...(clock && { clock }) }
}

/** In the order of announcement, each key once; with its leaf when one of its announcements has it. */
function distinct(controller: string, announced: readonly AnnouncedEntry[]): Map<string, AnnouncedEntry> {
  const work = new Map<string, AnnouncedEntry>()
  for (const each of announced) {
    if (!each.key.pk.startsWith(`${controller}#`)) throw new LedgerError('internal', 'the entry belongs to another log')
    const name = keyText(each.key)
    if (work.get(name)?.leaf === undefined) work.set(name, each)
  }
  return work
}

/** Rules 1 and 4. A process that remembers a settled tail makes no call: if another batch came after it, the commit finds its key taken. */
async function startOf(
  logWriter: LogWriter,
  controller: string,
  memory: SequencerMemory,
): Promise<{ tail: Tail; unsettled?: Batch }> {
  const settled = memory.settled.get(controller)
  if (settled) return { tail: settled }
  // Read before the table, which can then only be ahead of it. If it is not, it was restored, and going on would fork the log.
  const published = await newestStoredCheckpoint(logWriter, controller)
  const unsettled = await lastBatch(logWriter.log, controller)
  if (published && published.size > (unsettled ? batchEnd(unsettled) : 0))
    throw forkedLogError('the table ends before this size, which is published', published.size)
  if (unsettled) return { tail: { range: treeOf(unsettled).range, at: unsettled.at }, unsettled }
  return { tail: { range: emptyTree.range, at: '' } }
}

/** The entries of the next batch, in order: as many as fit, at least one. */
function nextOf(
  work: ReadonlyMap<string, AnnouncedEntry>,
  timeLeaves: readonly AnnouncedEntry[],
  bounds: SequencerRules,
): AnnouncedEntry[] {
  const next: AnnouncedEntry[] = []
  let bytes = timeLeaves.reduce((sum, { key }) => sum + packedBytes(key), 0)
  for (const each of work.values()) {
    bytes += packedBytes(each.key)
    const isFull = timeLeaves.length + next.length >= bounds.maxEntries || bytes > bounds.maxBytes
    if (isFull && next.length > 0) break
    next.push(each)
  }
  return next
}

interface Whole {
  readonly key: Key
  readonly leaf: string
}

async function withLeaves(
  logWriter: LogWriter,
  entries: readonly AnnouncedEntry[],
): Promise<{ whole: Whole[]; broken: SkippedEntry[] }> {
  const unread = entries.filter(({ leaf }) => leaf === undefined).map(({ key }) => key)
  const read = unread.length === 0 ? [] : await logWriter.entries.get(unread)
  const items = new Map(unread.map((key, i) => [keyText(key), read[i]]))
  const whole: Whole[] = []
  const broken: SkippedEntry[] = []
  for (const { key, leaf: announced } of entries) {
    const item = items.get(keyText(key))
    const leaf = announced ?? item?.values.leaf
    if (isLeaf(leaf) && fitsBatch(key)) whole.push({ key, leaf })
    else broken.push({ key, reason: leaf === undefined && item === undefined ? 'no-such-entry' : 'no-valid-leaf' })
  }
  return { whole, broken }
}

function isLeaf(leaf: unknown): leaf is string {
  return typeof leaf === 'string' && leaf !== '' && Buffer.byteLength(leaf) <= maxLeafBytes
}

function batchBehind(tail: Tail, entries: readonly Whole[], id: Uint8Array, at: string): Batch {
  const logged: LoggedEntry[] = entries.map(({ key, leaf }) => ({ key, leafHash: leafHash(Buffer.from(leaf)) }))
  const range = appendLeaves(
    tail.range,
    logged.map((entry) => entry.leafHash),
  )
  return { first: tail.range.size, id, entries: logged, root: rootOf(range), range, at }
}

/**
 * Rule 5. Returns false when another batch has this place. When it throws, the batch may still be stored, because the insert was under way
 * when its answer was given up. Then it is valid, since no other batch was committed after its tail, and the next run rolls it forward.
 */
async function commit(log: Table, controller: string, batch: Batch): Promise<boolean> {
  const item = batchItem(controller, batch)
  const [result] = await log.insert([item])
  if (result?.outcome === 'inserted') return true
  const [stored] = await log.get([item])
  const id = stored?.values.id
  if (id instanceof Uint8Array) return equalHashes(id, batch.id)
  throw result?.outcome === 'error'
    ? result.error
    : new LedgerError('unavailable', 'a stored batch cannot be read', { given: batch.first })
}

function keyText({ pk, sk }: Key): string {
  return JSON.stringify([pk, sk])
}
