/** Lets an answer wait for the log for at most three seconds, so that a caller on one machine seldom has to ask twice. */
import { setTimeout } from 'node:timers/promises'

/** A monotonic clock in milliseconds, and a pause of that many milliseconds. Tests pass their own. */
export interface Waiting {
  now(): number
  pause(ms: number): Promise<void>
}

export const systemWaiting: Waiting = { now: () => performance.now(), pause: (ms) => setTimeout(ms) }

const timeoutMs = 3_000
const pauseMs = 100

/** Resolves once `isReady` does to true, or after three seconds. Returns whether it had to pause. */
export async function waitUntil(isReady: () => Promise<boolean>, { now, pause }: Waiting): Promise<boolean> {
  const deadline = now() + timeoutMs
  for (let hasPaused = false; ; hasPaused = true) {
    if ((await isReady()) || now() > deadline) return hasPaused
    await pause(pauseMs)
  }
}
