/** Repeats an answer until the log has caught up, for at most three seconds, so that a caller seldom has to ask twice. */
import { setTimeout } from 'node:timers/promises'

/** A monotonic clock in milliseconds, and a pause of that many milliseconds. Tests pass their own. */
export interface Waiting {
  now(): number
  pause(ms: number): Promise<void>
}

const realWaiting: Waiting = { now: () => performance.now(), pause: (ms) => setTimeout(ms) }

const patienceMs = 3_000
const pauseMs = 100

/** Returns the first complete answer, or the first one made after three seconds are over. */
export async function untilComplete<T>(
  make: () => Promise<T>,
  isComplete: (made: T) => boolean,
  { now, pause }: Waiting = realWaiting,
): Promise<T> {
  const deadline = now() + patienceMs
  for (;;) {
    const made = await make()
    if (isComplete(made) || now() > deadline) return made
    await pause(pauseMs)
  }
}
