/** Waiting for the log, for as long as a caller waits gladly: an answer that is complete soon is worth more than one at once. */
import { setTimeout } from 'node:timers/promises'

/** The time that waiting takes: a clock that only goes on, and pauses by it, in milliseconds. */
export interface Waiting {
  now(): number
  pause(ms: number): Promise<void>
}

const realWaiting: Waiting = { now: () => performance.now(), pause: (ms) => setTimeout(ms) }

const patienceMs = 3_000
const pauseMs = 100

/** The first answer that is complete, or the last one that was made before three seconds were over. */
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
