/**
 * Positions that the self-audit stores between its runs, in objects that are replaced by compare-and-swap: of two runs that do the same work, one is
 * stored. Only the self-audit may write them. A log is continued only while the tree that was verified is still there (`check-log.ts`). A position
 * that cannot be read, or does not have its hash, begins anew: going on from another state would pass over damage, or report some that is
 * not there. They are the SHA-256 of what follows, and deflated JSON (RFC 1951) with bytes in base64.
 *
 *   `audit/pass`               the pass that is under way, as it was when its part began, or the last one
 *   `audit/share-<number>`     a run's share of that part
 *   `audit/new-<number>`       how far the logs of a share are compared, and when
 *   `audit/logs/<controller>`  up to where a log was compared, and what was found in it
 */
import { hash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Objects } from '../store.ts'
import type { FindingCounts } from './finding-counts.ts'
import { type LogWalk, type PassState, restoredDifferences } from './pass-state.ts'

export const passObject = 'audit/pass'
export const shareObject = (share: number): string => `audit/share-${share}`
export const newLeavesObject = (share: number): string => `audit/new-${share}`
export const logPositionObject = (controller: string): string => `audit/logs/${controller}`

export interface PassPosition {
  readonly pass: PassState
  /** Findings of the parts that have ended, with their number. */
  readonly findings: FindingCounts
  /** When the last pass that came to its end began, and what it found. */
  readonly last: { readonly startedMs: number; readonly findings: FindingCounts } | undefined
  /** When the first run was. */
  readonly sinceMs: number
  /** Whether the findings of the whole pass were written into the log. */
  readonly isTold: boolean
}

export interface SharePosition {
  readonly share: PassState
  readonly isWalked: boolean
  readonly findings: FindingCounts
}

export interface NewLeavesPosition {
  /** When all logs of the share were last compared; before that, when the first run was. */
  readonly doneMs: number
  readonly isUnderWay: boolean
  /** The last controller that is done, while it is under way. */
  readonly after: string
  /** What was found in the logs up to it. */
  readonly findings: FindingCounts
  /** What was found in all logs. */
  readonly standing: FindingCounts
}

export interface LogPosition {
  readonly walk: LogWalk
  /** Nothing is left to compare until the log gets longer. */
  readonly isSettled: boolean
  /** By check; the next pass that begins after the last of them was found judges it anew. */
  readonly findings: FindingCounts
  readonly foundMs: number
}

/** A stored state that this run goes on with. */
export interface Slot<T extends object> {
  /** The state; `undefined` when there is none that can be read. */
  readonly value: T | undefined
  /** @throws `PositionReplaced` when another run has stored one meanwhile */
  store(next: T): Promise<void>
}

/** Another run has stored the position since this one read it. */
export class PositionReplaced extends Error {}

type PositionObjects = Pick<Objects, 'readServed' | 'replaceServed'>

/** @param isDryRun nothing is stored */
export async function openSlot<T extends object>(
  objects: PositionObjects,
  name: string,
  isDryRun: boolean,
): Promise<Slot<T>> {
  const stored = await objects.readServed(name)
  let tag = stored?.tag
  return {
    value: stored && decoded(stored.bytes),
    async store(next) {
      if (isDryRun) return
      const bytes = encodePosition(next)
      if (!(await objects.replaceServed(name, bytes, tag))) throw new PositionReplaced()
      const now = await objects.readServed(name)
      if (now === undefined || Buffer.compare(now.bytes, bytes) !== 0) throw new PositionReplaced()
      tag = now.tag
    },
  }
}

function decoded<T>(bytes: Uint8Array): T | undefined {
  try {
    return decodePosition<T>(bytes)
  } catch {
    return undefined
  }
}

export function encodePosition(position: object): Uint8Array {
  const text = JSON.stringify(
    { format, ...position },
    // `JSON.stringify` turns a Buffer into a list of numbers before it asks, so its holder is asked.
    function (this: Record<string, unknown>, name, value) {
      const held = this[name]
      if (held instanceof Uint8Array) return { base64: Buffer.from(held).toString('base64') }
      if (held instanceof Map) return { map: [...held] }
      if (held instanceof Set) return { set: [...held] }
      return isDifference(held) ? { base64: Buffer.from(held.pack()).toString('base64') } : value
    },
  )
  const deflated = deflateRawSync(text, { level: 1 })
  return Buffer.concat([hash('sha256', deflated, 'buffer'), deflated])
}

/** @throws for bytes that are no position of this format, or were changed */
export function decodePosition<T>(bytes: Uint8Array): T {
  const deflated = bytes.subarray(hashBytes)
  if (!hash('sha256', deflated, 'buffer').equals(bytes.subarray(0, hashBytes)))
    throw new Error('the position was changed')
  const { format: stored, ...position } = JSON.parse(
    inflateRawSync(deflated, { maxOutputLength: maxBytes }).toString(),
    (_, value) => {
      if (typeof value?.base64 === 'string') return new Uint8Array(Buffer.from(value.base64, 'base64'))
      if (Array.isArray(value?.map)) return new Map(value.map)
      if (Array.isArray(value?.set)) return new Set(value.set)
      return value?.subjects instanceof Uint8Array ? { ...value, ...restoredDifferences(value) } : value
    },
  )
  if (stored !== format) throw new Error('another format')
  return position
}

function isDifference(value: unknown): value is { pack(): Uint8Array } {
  return typeof value === 'object' && value !== null && 'pack' in value
}

/** Changes with each change of what is stored: an older position then begins anew. */
const format = 'audit-position@3'
const hashBytes = 32
const maxBytes = 64 * 1024 * 1024
