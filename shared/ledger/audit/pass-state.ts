/**
 * Where a pass of the self-audit is, and what it has to remember until its end. Its size is bounded whatever the ledger's is. It holds
 * pseudonyms and no name of a vault row, and is stored where it is replaced (`audit-position.ts`).
 */
import type { CompactRange, Hash } from '../../tlog/merkle.ts'
import type { Key, Randomness } from '../store.ts'
import { type ComparedCounts, type Severity, zeroCounts } from './findings.ts'
import { addMember, joinedMembers, mayHaveMember, noBits } from './possible-members.ts'
import { type SetDifference, setDifference } from './set-difference.ts'

/**
 * The parts of a pass in their order. Each can be walked in equal shares, by several runs at once, and ends when all shares are walked. The vault
 * comes after the entries, because keys are stored first.
 */
export const parts = ['entries', 'vault', 'log', 'rows', 'done'] as const
export type Part = (typeof parts)[number]

export interface PassState {
  readonly startedMs: number
  /** Equal parts in which tables are read. */
  slices: number
  /** Shares in which each part is walked, and the one that this is. */
  readonly of: number
  readonly share: number
  part: Part
  /** Position in the table of the part. */
  walk: TablePosition
  /** Position in the logs of the share, which are walked in the order of the controllers' ids. */
  log: { controller: string; walk?: LogWalk }
  /** Subjects with an event from before the pass that were met among the entries, and neither in the vault nor in an erasure. */
  readonly subjects: SetDifference
  /** Partition that was added to `subjects` last. */
  countedPk: string
  /** Other subjects that were met among the entries and not yet in the vault. */
  readonly recent: Set<string>
  /**
   * Partitions of subjects' reads, turns, links and mandates that were met among the entries, as a Bloom filter: the vault part asks only
   * for these.
   */
  readonly subjectPartitions: Uint8Array
  /** Leaves from before the pass that are in batches and not in index rows, and in batches and not in entries (`compare-leaves.ts`). */
  readonly rows: SetDifference
  readonly leaves: SetDifference
  /** More holders were met than are remembered; reported once. */
  areHoldersFull: boolean
  /** Holders of tokens that made a read or act, with the slice of the vault that has their row; -1 while their row was not met. */
  readonly holders: Map<string, number>
  /** Entries that had no index row when they were read, unless a batch has them. */
  readonly unsequenced: Map<string, Unsequenced>
  /** Controllers that entries or the log name, and no claim named when they were met. A later run would not find them again. */
  readonly named: Set<string>
  /** Controllers whose record cannot be read. Each was reported. */
  readonly reported: Set<string>
  compared: ComparedCounts
  /** Random key of the sets and the filter above. */
  readonly key: Uint8Array
}

export interface TablePosition {
  slice: number
  /** Absent in the vault, where it would be the name of a subject: there a slice is read again from its beginning. */
  after?: Key
}

export interface Unsequenced {
  readonly key: Key
  readonly severity: Severity
}

/** What the next batch of a log is compared with. */
export interface LogWalk {
  /** Whether the log without a leaf was compared. */
  isBegun: boolean
  /** Sort key of the last item of the log that was compared. */
  batch: string
  /** The tree that was verified; without a range, the batch before could not be used. */
  end: number
  range: CompactRange | undefined
  at: string
  /** The last hours that have their `time` leaf. */
  hours: string[]
  /** Absent after a gap in the log. */
  tiles: TileWalk | undefined
  checkpoints: CheckpointWalk
  /** Index rows that the last batch lacked. */
  missing?: MissingRows | undefined
}

export interface MissingRows {
  readonly first: number
  /** Places in the batch. */
  readonly at: readonly number[]
  readonly keys: readonly Key[]
}

/** A tree of full level-0 tiles in the making. */
export interface TileWalk {
  index: number
  /** Leaf hashes after the last full tile. */
  waiting: Hash[]
  /** The hashes of the last tile of each level from 1 on. */
  readonly above: Hash[][]
}

export interface CheckpointWalk {
  /** Sort key of the last row that was compared. */
  row: string
  lastSeconds: number
  lastSize: number
  hasFirst: boolean
}

/** Bounds of what a pass remembers by name. */
export const maxRecent = 10_000
export const maxNamed = 10_000
export const maxHolders = 20_000
export const maxUnsequenced = 10_000

/**
 * Elements are `<controller>#<sub>`. About 24,000 subjects that were lost, or erased during a pass, can be read out. When more were erased, up to
 * 800,000 of them can be distinguished from lost ones (`erased-since.ts`).
 */
const subjectShape = { cellCount: 32_766, elementBytes: 84 }
/** An element has the index and hash, and room for nearly every key. */
const leafShape = { cellCount: 8_190, elementBytes: 188 }

export function newPass(startedMs: number, random: Randomness, of = 1): PassState {
  const key = random(32)
  return {
    startedMs,
    slices: 1,
    of,
    share: 0,
    part: 'entries',
    walk: { slice: 0 },
    log: { controller: '' },
    subjects: setDifference(subjectShape, key),
    countedPk: '',
    recent: new Set(),
    subjectPartitions: noBits(),
    rows: setDifference(leafShape, key),
    leaves: setDifference(leafShape, key),
    areHoldersFull: false,
    holders: new Map(),
    unsequenced: new Map(),
    named: new Set(),
    reported: new Set(),
    compared: zeroCounts(),
    key,
  }
}

/** Notes that entries were met in this partition of a subject. */
export function noteSubjectPartition({ key, subjectPartitions }: PassState, pk: string): void {
  addMember({ key, bits: subjectPartitions }, pk)
}

/** Whether entries may have been met in this partition of a subject. */
export function mayHaveEntries({ key, subjectPartitions }: PassState, pk: string): boolean {
  return mayHaveMember({ key, bits: subjectPartitions }, pk)
}

/** The sets of a stored position. */
export function restoredDifferences(packed: {
  readonly key: Uint8Array
  readonly subjects: Uint8Array
  readonly rows: Uint8Array
  readonly leaves: Uint8Array
}): Pick<PassState, 'subjects' | 'rows' | 'leaves'> {
  return {
    subjects: setDifference(subjectShape, packed.key, packed.subjects),
    rows: setDifference(leafShape, packed.key, packed.rows),
    leaves: setDifference(leafShape, packed.key, packed.leaves),
  }
}

/** A share of the part that is walked next. Its sums and sets begin empty. */
export function shareOf(pass: PassState, index: number): PassState {
  return {
    ...pass,
    subjects: pass.subjects.empty(),
    rows: pass.rows.empty(),
    leaves: pass.leaves.empty(),
    countedPk: '',
    compared: zeroCounts(),
    walk: { slice: index },
    log: { controller: '' },
    share: index,
    recent: new Set(pass.recent),
    subjectPartitions: new Uint8Array(pass.subjectPartitions),
    holders: new Map(pass.holders),
    unsequenced: new Map(pass.unsequenced),
    named: new Set(pass.named),
    reported: new Set(pass.reported),
  }
}

/** The pass at its next part, after all shares of a part were walked. */
export function joinShares(pass: PassState, shares: readonly PassState[]): PassState {
  const subjectPartitions = joinedMembers([pass, ...shares].map((each) => each.subjectPartitions))
  const whole: PassState = { ...shareOf(pass, 0), subjectPartitions }
  for (const name of ['subjects', 'rows', 'leaves'] as const)
    for (const each of [pass, ...shares]) whole[name].combine(each[name].pack())
  for (const share of shares) {
    for (const [holder, slice] of share.holders)
      whole.holders.set(holder, Math.max(slice, whole.holders.get(holder) ?? -1))
    whole.areHoldersFull ||= share.areHoldersFull
    for (const controller of share.named) whole.named.add(controller)
    for (const controller of share.reported) whole.reported.add(controller)
  }
  for (const share of shares) {
    for (const owner of share.recent) if (isLeft(owner, 'recent')) whole.recent.add(owner)
    for (const [key, entry] of share.unsequenced) if (isLeft(key, 'unsequenced')) whole.unsequenced.set(key, entry)
  }
  for (const owner of pass.recent) if (!isLeft(owner, 'recent')) whole.recent.delete(owner)
  for (const key of pass.unsequenced.keys()) if (!isLeft(key, 'unsequenced')) whole.unsequenced.delete(key)
  // The cast is right, because the counts have no other members.
  for (const name of Object.keys(whole.compared) as (keyof ComparedCounts)[])
    whole.compared[name] = [pass, ...shares].reduce((sum, { compared }) => sum + compared[name], 0)
  whole.part = parts[parts.indexOf(pass.part) + 1] ?? 'done'
  return whole

  /** What was remembered before the part is settled when any share has settled it. */
  function isLeft(name: string, set: 'recent' | 'unsequenced'): boolean {
    return !pass[set].has(name) || shares.every((share) => share[set].has(name))
  }
}

export function newLogWalk(): LogWalk {
  return {
    isBegun: false,
    batch: '',
    end: 0,
    range: { size: 0, hashes: [] },
    at: '',
    hours: [],
    tiles: { index: 0, waiting: [], above: [] },
    checkpoints: { row: '', lastSeconds: 0, lastSize: -1, hasFirst: false },
  }
}

/** The first hour of the pass, as entries state hours: subjects with an earlier event are compared as sets. */
export const firstHour = ({ startedMs }: PassState): string => new Date(startedMs).toISOString().slice(0, 13)
