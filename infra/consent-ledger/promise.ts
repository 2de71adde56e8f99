/** Refuses at synthesis a batching window and a checkpoint interval with which the promise of a receipt would be broken. */
import type { Duration } from 'aws-cdk-lib'

/** A receipt promises a checkpoint within two minutes; an entry may just miss one, and then has to wait for a sweep. */
export function checkPromise(batchingWindow: Duration, checkpointInterval: Duration): void {
  const longest = batchingWindow.toSeconds() + checkpointInterval.toSeconds() + 60
  if (longest <= 105) return
  throw new Error(
    `a batching window of ${batchingWindow.toSeconds()} s and a checkpoint each ${checkpointInterval.toSeconds()} s may break the promise of two minutes: together they may be 45 s at most`,
  )
}
