/**
 * What the log costs the writes: the server that `npm start` runs, with its log and without, in turns and on stores of their own, at 32
 * connections. A server with a log ends when everything is sequenced and published: how long that takes says whether it kept up.
 */
import { type Figures, median, medianOf } from './load.ts'
import { newFolder } from './measure.ts'
import { startServer } from './program.ts'
import { runScenario, warmUp } from './scenarios.ts'
import { makeStore } from './store.ts'

const ids = ['write-known', 'write-new'] as const
const settings = ['on', 'off'] as const
const concurrency = 32

export interface WritesFigures {
  readonly concurrency: number
  readonly rounds: number
  readonly series: readonly WriteSeries[]
  /** From SIGTERM to the end, medians: with the log it has what was recorded last to publish. */
  readonly stopMs: Readonly<Record<(typeof settings)[number], number>>
}

export interface WriteSeries {
  readonly id: (typeof ids)[number]
  readonly on: Figures
  readonly off: Figures
  /** Rates of the runs in their order, for who wonders about the medians. */
  readonly onPerSecond: readonly number[]
  readonly offPerSecond: readonly number[]
  /** Rate with the log to that without. */
  readonly onToOff: number
}

export interface WritesPlan {
  readonly rounds: number
  readonly secondsPerRun: number
}

export async function measureWrites(
  { rounds, secondsPerRun }: WritesPlan,
  folder: string,
  progress: (line: string) => void,
): Promise<WritesFigures> {
  const stores = {
    on: await makeStore(await newFolder(folder, 'log-on')),
    off: await makeStore(await newFolder(folder, 'log-off')),
  }
  const runs = { 'write-known': { on: [], off: [] }, 'write-new': { on: [], off: [] } } as Record<
    WriteSeries['id'],
    Record<(typeof settings)[number], Figures[]>
  >
  const stops = { on: [] as number[], off: [] as number[] }
  for (let round = 1; round <= rounds; round++) {
    for (const log of settings) {
      const server = await startServer(stores[log].folder, log)
      try {
        await warmUp(server, stores[log], ids, secondsPerRun / 2)
        for (const id of ids) {
          const figures = await runScenario(server, { id, concurrency }, stores[log], secondsPerRun)
          runs[id][log].push(figures)
          progress(`writes ${round}/${rounds}  log ${log.padEnd(3)} ${id.padEnd(11)} ${figures.perSecond.toFixed(0)}/s`)
        }
      } finally {
        const stoppedAt = performance.now()
        await server.stop()
        stops[log].push(performance.now() - stoppedAt)
      }
    }
  }
  const series = ids.map((id): WriteSeries => {
    const on = medianOf(runs[id].on)
    const off = medianOf(runs[id].off)
    const rates = (of: readonly Figures[]) => of.map(({ perSecond }) => perSecond)
    return {
      ...{ id, on, off, onPerSecond: rates(runs[id].on), offPerSecond: rates(runs[id].off) },
      onToOff: on.perSecond / off.perSecond,
    }
  })
  return { concurrency, rounds, series, stopMs: { on: median(stops.on), off: median(stops.off) } }
}
