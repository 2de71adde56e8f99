/** State of an interrupted log check, as JSON that the caller stores. The next run compares it with the log's tiles before it goes on. */
import * as z from 'zod'
import { decodeBase64, encodeBase64 } from '../tlog/encoding.ts'
import { type CompactRange, checkRange, type Hash } from '../tlog/merkle.ts'
import { fullWidth } from '../tlog/tile.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import { LogFailure } from './log-failure.ts'
import type { SignedCheckpoint } from './signed-checkpoint.ts'

const hashText = z.string().length(44)

const form = z.strictObject({
  format: z.literal('consent-log-state@1'),
  origin: z.string(),
  /** Number of leaves that were walked, a multiple of 256. */
  size: z.int().min(0),
  /** The compact range of that tree, base64, largest subtree first. */
  range: z.array(hashText).max(64),
  /** The hour of the last `time` leaf among these leaves, if there was one. */
  hour: z.string().max(13),
  newest: z.strictObject({ size: z.int().min(0), root: hashText }),
})
export type LogState = z.output<typeof form>

export interface ResumedState {
  readonly range: CompactRange
  readonly hour: string
  readonly newest: { readonly size: number; readonly root: Hash }
}

export function stateOf(newest: SignedCheckpoint, range: CompactRange, hour: string): LogState {
  return {
    format: 'consent-log-state@1',
    origin: newest.origin,
    size: range.size,
    range: range.hashes.map(encodeBase64),
    hour,
    newest: { size: newest.size, root: encodeBase64(newest.root) },
  }
}

export function readState(given: unknown, origin: string): ResumedState {
  const parsed = form.safeParse(given)
  if (!parsed.success) throw new LogFailure('state', 'it is not the state of a log check; remove it to start anew')
  const { size, range, hour, newest } = parsed.data
  if (parsed.data.origin !== origin) throw new LogFailure('state', `it is of another log: ${parsed.data.origin}`)
  try {
    const resumed = { size, hashes: range.map(decodeBase64) }
    checkRange(resumed)
    if (size % fullWidth === 0 && size <= newest.size)
      return { range: resumed, hour, newest: { size: newest.size, root: decodeBase64(newest.root) } }
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
  }
  throw new LogFailure('state', 'its parts do not fit together; remove it to start anew')
}
