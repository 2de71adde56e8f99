/**
 * Waits for something that another process, or a timer of the product, brings about. It has no time limit of its own: on a slow
 * machine it takes longer, and what never comes ends with the limit of the test, which names the test.
 */
import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 10

/** Calls `ask` until it returns without throwing, and returns what it returned. */
export async function eventually<T>(ask: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch {
      await sleep(pauseMs)
    }
  }
}
