/** Records some rows of an import, or shows what a dry run would record. */
import type { RecordedEvent } from '../consent/event.ts'
import { LedgerError } from '../errors.ts'
import { type Ledger, timestamp } from '../ledger/ledger.ts'
import { checkTargets, type RecordingOutcome, recordEvents } from '../ledger/recording/record-events.ts'
import { type ReceivedEvent, recordedEvent } from '../ledger/recording/recorded-event.ts'
import { Refusal, type RefusalReason } from './refusal.ts'
import { checkFields, type Row } from './rows.ts'
import type { RecordReader } from './source-record.ts'
import { eventOf, type ImportContext } from './to-event.ts'

export interface Chunk {
  readonly accepted: number
  readonly skipped: number
  readonly rejected: readonly { readonly line: number; readonly reason: RefusalReason; readonly detail: string }[]
  /** The first records of a dry run as they would be recorded. */
  readonly preview: readonly RecordedEvent[]
}

export interface ChunkOptions {
  /** Number of the first row in the import. */
  readonly first: number
  readonly read: RecordReader
  readonly isDry: boolean
}

/** Records that a dry run shows. */
export const previewLength = 10
/** Events that are sealed without a pause, so that requests of the same process wait some milliseconds and no longer. */
const sliceLength = 25
/** While the database stores some, others are sealed. */
const slicesAtOnce = 8

interface Submission {
  readonly line: number
  readonly received: ReceivedEvent
}

export async function recordChunk(
  ledger: Ledger,
  context: ImportContext,
  rows: readonly Row[],
  { first, read, isDry }: ChunkOptions,
): Promise<Chunk> {
  const submissions: Submission[] = []
  const rejected: { line: number; reason: RefusalReason; detail: string }[] = []
  let accepted = 0
  let skipped = 0
  const reject = (line: number, { reason, message }: Refusal) => rejected.push({ line, reason, detail: message })
  for (const [i, row] of rows.entries()) {
    try {
      const source = sourceIn(row, read)
      if (source === undefined) skipped++
      else submissions.push({ line: row.line, received: await eventOf(source, context, first + i) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      reject(row.line, error)
    }
  }
  if (isDry) {
    const { would, refused } = dryRun(ledger, context, submissions)
    for (const [line, refusal] of refused) reject(line, refusal)
    return { accepted: would.length, skipped, rejected: inOrder(rejected), preview: would.slice(0, previewLength) }
  }
  const slices: Submission[][] = []
  for (let from = 0; from < submissions.length; from += sliceLength)
    slices.push(submissions.slice(from, from + sliceLength))
  async function recordSlices(): Promise<void> {
    for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
      const received = slice.map((each) => each.received)
      const { outcomes } = await recordEvents(ledger, context.snapshot, received)
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.outcome === 'refused') reject(slice[i]?.line ?? 0, refusalBy(outcome.error))
        else if (isOurs(outcome, received[i])) accepted++
        else skipped++
      }
    }
  }
  await Promise.all(Array.from({ length: slicesAtOnce }, recordSlices))
  return { accepted, skipped, rejected: inOrder(rejected), preview: [] }
}

function sourceIn(row: Row, read: RecordReader): ReturnType<RecordReader> {
  if ('refused' in row) throw new Refusal(row.refused, row.detail)
  checkFields(row.fields)
  return read(row.fields)
}

/** Recorded now, or by an earlier try of this chunk. */
function isOurs(
  outcome: Exclude<RecordingOutcome, { outcome: 'refused' }>,
  received: ReceivedEvent | undefined,
): boolean {
  if (outcome.outcome === 'recorded') return true
  const { importId, record } = outcome.opened.event.how.origin ?? {}
  return importId === received?.origin?.importId && record === received?.origin?.record
}

const reasons: Readonly<Record<string, RefusalReason>> = {
  'event-conflict': 'conflict',
  'unknown-purpose': 'unknown-purpose',
  'unknown-policy': 'unknown-policy',
}

/** @throws what may pass, such as `unavailable`: the chunk is tried again as a whole */
function refusalBy(error: LedgerError): Refusal {
  if (error.code === 'unavailable' || error.code === 'internal') throw error
  const given = error.facts.given === undefined ? '' : `: ${String(error.facts.given)}`
  return new Refusal(reasons[error.code] ?? 'not-accepted', `${error.message}${given}`)
}

function dryRun(ledger: Ledger, { snapshot }: ImportContext, submissions: readonly Submission[]) {
  const would: RecordedEvent[] = []
  const refused: [number, Refusal][] = []
  for (const { line, received } of submissions) {
    try {
      checkTargets(snapshot, received)
      would.push(recordedEvent(snapshot, received, timestamp(ledger.clock)))
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      refused.push([line, refusalBy(error)])
    }
  }
  return { would, refused }
}

function inOrder<T extends { readonly line: number }>(rejected: T[]): T[] {
  return rejected.sort((a, b) => a.line - b.line)
}
