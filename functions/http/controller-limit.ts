/**
 * Limits how fast one controller's log may grow, on AWS, where many instances of a function record at once and none sees what the others do.
 * All of them see the log: a snapshot of a controller, read again every 15 to 30 s, has its size. Each instance keeps a bucket of tokens for
 * each controller, from which it takes what the log grew by. It costs no call and no write, and controllers do not share a bucket.
 *
 * How exact: entries reach the log a batching window after they were recorded (10 s), and a snapshot is up to 30 s old, so a flood records
 * for that long before it is refused. Calls are then refused until the rate has made up for the excess, so over minutes it holds to within
 * a tenth (the tests' model of a fleet). An instance that just started has a full bucket. A log that catches up after a standstill grows
 * faster than calls arrive, and can empty the bucket of a controller that did nothing wrong; so no debt lasts longer than five minutes.
 */
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Clock } from '../../shared/ledger/store.ts'

export interface ControllerLimit {
  /** Entries a second. */
  readonly rate: number
  /** Entries at once: what a full bucket holds. */
  readonly burst: number
}

/** A controller's bucket: the instant until which its tokens are spent, as in `token-buckets.ts`. */
export interface Bucket {
  readonly spentUntilMs: number
  /** The log's size at the last reading, and when that was. */
  readonly size: number
  readonly readAtMs: number
}

const longestWaitMs = 5 * 60_000

/** The bucket after another reading of the log's size. */
export function afterReading(limit: ControllerLimit, bucket: Bucket | undefined, size: number, nowMs: number): Bucket {
  if (bucket === undefined) return { spentUntilMs: nowMs, size, readAtMs: nowMs }
  const growth = size - bucket.size
  // Logs do not shrink, so the reading is older than the last one.
  if (growth < 0) return bucket
  const spentUntilMs = Math.max(bucket.spentUntilMs, bucket.readAtMs) + (growth * 1000) / limit.rate
  return { spentUntilMs: Math.min(spentUntilMs, nowMs + fullMs(limit) + longestWaitMs), size, readAtMs: nowMs }
}

/** Milliseconds until there is a token; 0 when there is one. */
export function waitOf(limit: ControllerLimit, { spentUntilMs }: Bucket, nowMs: number): number {
  return Math.min(Math.max(0, spentUntilMs - nowMs - fullMs(limit)), longestWaitMs)
}

const fullMs = ({ rate, burst }: ControllerLimit) => (burst * 1000) / rate

/** From this age on a full bucket is forgotten. */
const forgottenAfterMs = 60_000

/** The returned function throws `rate-limited` for a controller whose log grew too fast. Only controllers that exist have a bucket. */
export function limitControllers(limit: ControllerLimit, clock: Clock): (snapshot: ControllerSnapshot) => void {
  const known = new Map<string, { readonly snapshot: ControllerSnapshot; readonly bucket: Bucket }>()
  return (snapshot) => {
    const { controller } = snapshot.controller
    const now = clock()
    let last = known.get(controller)
    if (last?.snapshot !== snapshot) {
      last = { snapshot, bucket: afterReading(limit, last?.bucket, snapshot.logSize ?? 0, now) }
      known.delete(controller)
      known.set(controller, last)
      for (const [each, { bucket }] of known) {
        if (Math.max(bucket.spentUntilMs, bucket.readAtMs + forgottenAfterMs) >= now) break
        known.delete(each)
      }
    }
    const waitMs = waitOf(limit, last.bucket, now)
    if (waitMs === 0) return
    throw new LedgerError('rate-limited', 'this controller records too much; wait, then send the request again', {
      allowed: `${limit.rate} entries a second, ${limit.burst} at once`,
      retryAfterSeconds: Math.ceil(waitMs / 1000),
    })
  }
}

/** The variable `controllerLimit`: `<rate>:<burst>`. */
export function parseControllerLimit(text: string): ControllerLimit {
  const [rate = 0, burst = 0] = text.split(':').map(Number)
  if (rate >= 1 && burst >= rate) return { rate, burst }
  throw new LedgerError('internal', 'this function was deployed with a limit that lets nothing through', {
    given: text,
  })
}
