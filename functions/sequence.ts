/**
 * Keeps the logs on AWS: four entries of one Lambda function, which alone may insert into the log table and use the checkpoint key.
 *
 *   handler   the stream of the entries table rings: what was inserted gets its leaf index, and a checkpoint is published
 *   tick      a schedule: publishes what is not published yet
 *   redrive   for keys that no doorbell announced: those of a failure destination, or of an export
 *   release   a schedule, once a day: gives the erasures of the day their leaf indexes, in the order of their pseudonyms
 *
 * All may run twice, late, out of order and at once. A crash anywhere leaves what the next run of any of them completes. Logged
 * are counts, codes of errors and the id of a controller, which is public: no keys and no values.
 * Never run against AWS; the records of the tests have the shape that Lambda's documentation gives.
 */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { LedgerError } from '../shared/errors.ts'
import type { LogKeeper } from '../shared/ledger/ledger.ts'
import { controllerOf, isErasure } from '../shared/ledger/log/items.ts'
import { publishCheckpoint } from '../shared/ledger/log/publisher.ts'
import { releaseErasures } from '../shared/ledger/log/release.ts'
import { type Announced, newWorker, sequence, type Worker } from '../shared/ledger/log/sequencer.ts'
import type { Key } from '../shared/ledger/store.ts'
import { theKeeper } from './instance.ts'

/** All that a line of the log may hold. */
interface LogLine {
  readonly level: 'error'
  readonly event:
    | 'malformed-records'
    /** Somebody replaced or deleted entries. Nobody may: the table is insert-only. */
    | 'entries-changed'
    | 'entries-skipped'
    | 'not-sequenced'
    | 'not-published'
    | 'not-released'
  readonly controller?: string
  readonly count?: number
  /** Of a `LedgerError`, else the error's name. */
  readonly code?: string
}

/** What this instance has settled, of this keeper's table and no other. */
const workers = new WeakMap<LogKeeper, Worker>()

function workerOf(keeper: LogKeeper): Worker {
  const worker = workers.get(keeper) ?? newWorker()
  workers.set(keeper, worker)
  return worker
}

/**
 * The records of a controller that fails are reported, and Lambda comes back with all from the lowest of them on: those that are
 * done are found done. A publication that fails is none of this: the entries have their places, and the schedule publishes.
 */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const read = event.Records.map(readRecord)
  report('malformed-records', read.filter((record) => record === 'malformed').length)
  report('entries-changed', read.filter((record) => record === 'changed').length)
  const rings = read.filter((record) => typeof record === 'object')
  const failed = await sequenceAll(theKeeper(), rings)
  return {
    batchItemFailures: rings
      .filter(({ key }) => failed.has(controllerOf(key)))
      .map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
  }
}

/** Throws when a log could not be published, after all others were, so that the function's errors are counted. */
export async function tick(event: { readonly controllers: readonly string[] }): Promise<void> {
  const keeper = theKeeper()
  const outcomes = await Promise.all(event.controllers.map((controller) => publish(keeper, controller)))
  throwIfAny(outcomes.filter((isPublished) => !isPublished).length)
}

/** Throws when a log could not be extended, after all others were: the same keys may be redriven as often as it takes. */
export async function redrive(event: { readonly keys: readonly Key[] }): Promise<void> {
  const keys = event.keys.filter(isKey)
  report('malformed-records', event.keys.length - keys.length)
  throwIfAny(
    (
      await sequenceAll(
        theKeeper(),
        keys.map(({ pk, sk }) => ({ key: { pk, sk } })),
      )
    ).size,
  )
}

/** Throws when erasures could not be released, after all other logs had theirs; the next one takes them. */
export async function release(event: { readonly controllers: readonly string[] }): Promise<void> {
  const keeper = theKeeper()
  const outcomes = await Promise.all(event.controllers.map((controller) => releaseOf(keeper, controller)))
  throwIfAny(outcomes.filter((isReleased) => !isReleased).length)
}

async function releaseOf(keeper: LogKeeper, controller: string): Promise<boolean> {
  try {
    const { skipped } = await releaseErasures(keeper, controller)
    report('entries-skipped', skipped.length, { controller })
  } catch (error) {
    report('not-released', 1, { controller, code: codeOf(error) })
    return false
  }
  return publish(keeper, controller)
}

/** Sequences and publishes each controller's log for itself. Returns those that could not be sequenced. */
async function sequenceAll(keeper: LogKeeper, announced: readonly Announced[]): Promise<ReadonlySet<string>> {
  const failed = new Set<string>()
  const ofEach = Map.groupBy(announced, ({ key }) => controllerOf(key))
  await Promise.all(
    [...ofEach].map(async ([controller, entries]) => {
      try {
        const { skipped } = await sequence(keeper, controller, entries, workerOf(keeper))
        report('entries-skipped', skipped.length, { controller })
      } catch (error) {
        // What a retry cannot help would hold up every other log of the shard: a person looks, and the redrive goes on.
        if (!(error instanceof LedgerError && error.code === 'log-forked')) failed.add(controller)
        report('not-sequenced', entries.length, { controller, code: codeOf(error) })
        return
      }
      await publish(keeper, controller)
    }),
  )
  return failed
}

async function publish(keeper: LogKeeper, controller: string): Promise<boolean> {
  try {
    await publishCheckpoint(keeper, controller)
    return true
  } catch (error) {
    report('not-published', 1, { controller, code: codeOf(error) })
    return false
  }
}

interface Ring extends Announced {
  readonly sequenceNumber: string
}

/** Controllers, sites and the like are items without a leaf, and none of the log's business. Erasures wait for their release. */
function readRecord({ eventName, dynamodb }: DynamoDBRecord): Ring | 'no-entry' | 'changed' | 'malformed' {
  if (eventName === 'MODIFY' || eventName === 'REMOVE') return 'changed'
  const { Keys, NewImage, SequenceNumber } = dynamodb ?? {}
  const key = { pk: Keys?.pk?.S, sk: Keys?.sk?.S }
  if (eventName !== 'INSERT' || NewImage === undefined || !SequenceNumber) return 'malformed'
  if (NewImage.leaf === undefined) return 'no-entry'
  if (!isKey(key)) return 'malformed'
  if (isErasure(key)) return 'no-entry'
  const leaf = NewImage.leaf.S
  return leaf === undefined ? 'malformed' : { key, leaf, sequenceNumber: SequenceNumber }
}

function isKey(key: { readonly pk?: unknown; readonly sk?: unknown } | null): key is Key {
  return typeof key?.pk === 'string' && /^[a-z0-9-]{1,40}#./.test(key.pk) && typeof key.sk === 'string' && key.sk !== ''
}

function throwIfAny(failed: number): void {
  if (failed > 0) throw new LedgerError('unavailable', `${failed} logs could not be extended or published.`)
}

function report(event: LogLine['event'], count: number, more: Pick<LogLine, 'controller' | 'code'> = {}): void {
  if (count === 0) return
  const line: LogLine = { level: 'error', event, count, ...more }
  console.error(JSON.stringify(line))
}

function codeOf(error: unknown): string {
  if (error instanceof LedgerError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
