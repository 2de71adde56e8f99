/**
 * Keeps an engine running. One that ends unasked is started again at the same address, so that its clients see nothing but calls that
 * fail for a moment; it opens the file as the last one left it, where SQLite's write-ahead log has every acknowledged write.
 *
 * The tries are bounded: an engine that cannot stay up (a full disk, a damaged file) is left alone after the last one, and every
 * request is answered 503 until a person looks. One that stayed up for a minute has all its tries again.
 */
import { setTimeout as sleepFor } from 'node:timers/promises'
import type { EngineAddress } from './address.ts'
import type { Engine } from './process.ts'

/** `lost`: it ended unasked. `restarted`: it answers again. `given-up`: it is not started any more. */
export type EngineEvent = 'lost' | 'restarted' | 'given-up'

/** Starts it at an address, or at one of its choice, and says when it has ended unasked. */
export type StartEngine = (options: { address?: EngineAddress; onLost: () => void }) => Promise<Engine>

export interface SupervisorOptions {
  readonly onEvent?: (event: EngineEvent, engine: string) => void
  readonly clock?: () => number
  /** Ends early when the signal says so. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Before each try. */
export const restartDelaysMs: readonly number[] = [100, 500, 1_000, 2_000, 5_000]
const stableMs = 60_000

/** Throws as `start` does when the engine does not start the first time. */
export async function superviseEngine(start: StartEngine, options: SupervisorOptions = {}): Promise<Engine> {
  const { onEvent = () => {}, clock = () => performance.now(), sleep = sleepUnlessStopped } = options
  const stopped = new AbortController()
  let tries = 0
  let startedAt = clock()
  let reviving = Promise.resolve()
  let engine = await start({ onLost })

  function onLost(): void {
    if (stopped.signal.aborted) return
    onEvent('lost', engine.name)
    if (clock() - startedAt >= stableMs) tries = 0
    reviving = reviving.then(revive)
  }

  async function revive(): Promise<void> {
    for (let delayMs = restartDelaysMs[tries]; delayMs !== undefined; delayMs = restartDelaysMs[tries]) {
      tries++
      await sleep(delayMs, stopped.signal)
      if (stopped.signal.aborted) return
      const revived = await start({ address: engine.address, onLost }).catch(() => undefined)
      if (revived === undefined) continue
      engine = revived
      startedAt = clock()
      onEvent('restarted', engine.name)
      return
    }
    onEvent('given-up', engine.name)
  }

  return {
    name: engine.name,
    address: engine.address,
    endpoint: engine.endpoint,
    get pid() {
      return engine.pid
    },
    async stop() {
      stopped.abort()
      await reviving
      await engine.stop()
    },
  }
}

async function sleepUnlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
