/**
 * Keeps an engine running. One that ends by itself is restarted at the same address, so its clients see only a few failed calls. It opens
 * the file as the last one left it, where SQLite's write-ahead log has every acknowledged write.
 *
 * Restarts are bounded: an engine that cannot stay up (a full disk, a damaged file) is given up after the last one, and every request is
 * answered 503 until a person looks. After a minute of running all restarts are available again.
 */
import { setTimeout as sleepFor } from 'node:timers/promises'
import type { EngineAddress } from './address.ts'
import type { Engine } from './process.ts'

/** `lost`: the engine ended by itself. `restarted`: it answers again. `given-up`: it is not restarted any more. */
export type EngineEvent = 'lost' | 'restarted' | 'given-up'

/** Starts the engine, at the given address or any, and calls `onLost` when it ends by itself. */
export type StartEngine = (options: { address?: EngineAddress; onLost: () => void }) => Promise<Engine>

export interface SupervisorOptions {
  readonly onEvent?: (event: EngineEvent, engine: string) => void
  readonly clock?: () => number
  /** Resolves early when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Delay before each restart. */
export const restartDelaysMs: readonly number[] = [100, 500, 1_000, 2_000, 5_000]
const stableMs = 60_000

/** Starts the engine and keeps it running. Throws when the first start fails. */
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
