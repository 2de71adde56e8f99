/**
 * The order of a bench: what is counted and started first, then rounds of baseline, empty store and loaded store, so that what
 * disturbs the machine for a while disturbs all of them. Each round has processes of its own, and an empty store of its own; the
 * loaded one grows by what is written in the rounds.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CallCounts, countCalls } from './calls.ts'
import type { Figures } from './load.ts'
import { type Memory, memoryOf } from './processes.ts'
import { type Program, startBaseline, startServer, timeToFirstAnswer } from './program.ts'
import { baselines, runScenario, type Scenario, type ScenarioId, scenarios, warmUp } from './scenarios.ts'
import { eventsPerSubject, makeStore, preload, type Store, storedBytes } from './store.ts'

export interface Plan {
  readonly rounds: number
  readonly secondsPerRun: number
  readonly loadedEvents: number
  readonly starts: number
}

export type Setting = 'empty' | 'loaded' | 'baseline'

export interface Series extends Scenario {
  readonly setting: Setting
  readonly runs: Figures[]
}

export interface ProgramMemory {
  readonly server: Memory
  readonly engines: Memory
}

export interface Measured {
  readonly engine: string
  readonly series: readonly Series[]
  /** From spawn to the first answer, in milliseconds: with an empty folder, and with what that start left. */
  readonly firstStartsMs: readonly number[]
  readonly restartsMs: readonly number[]
  /** Right after a start, and after all runs of a round on the same server. */
  readonly memory: Readonly<Record<'idle' | 'empty' | 'loaded', readonly ProgramMemory[]>>
  readonly preloadedEvents: number
  readonly preloadedPerSecond: number
  readonly ledgerBytesPerEvent: number
  readonly vaultBytesPerSubject: number
  readonly calls: CallCounts
}

export type Progress = (line: string) => void

export async function measure(plan: Plan, folder: string, progress: Progress): Promise<Measured> {
  const memory = { idle: [] as ProgramMemory[], empty: [] as ProgramMemory[], loaded: [] as ProgramMemory[] }
  progress('counting calls to DynamoDB')
  const calls = await countCalls()
  const starts = await measureStarts(plan, folder, memory.idle, progress)
  const loaded = await loadStore(plan, await newFolder(folder, 'loaded'), progress)
  const all = new Map<string, Series>()

  async function runAll(program: Program, store: Store, setting: Setting, round: number): Promise<void> {
    const list = setting === 'baseline' ? baselines : scenarios
    const ids = [...new Set(list.map(({ id }) => id))]
    await warmUp(program, store, ids, warmUpSeconds(plan))
    for (const scenario of list) {
      const figures = await runScenario(program, scenario, store, plan.secondsPerRun)
      seriesOf(all, setting, scenario).runs.push(figures)
      const { perSecond, p50Ms, p99Ms, failedRequests } = figures
      progress(
        `round ${round}/${plan.rounds}  ${setting.padEnd(8)} ${scenario.id.padEnd(11)} c=${String(scenario.concurrency).padEnd(2)} ` +
          `${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50Ms.toFixed(1)} ms  p99 ${p99Ms.toFixed(1)} ms` +
          (failedRequests > 0 ? `  ${failedRequests} FAILED\n${program.log()}` : ''),
      )
    }
  }

  async function serveAndRun(store: Store, setting: 'empty' | 'loaded', round: number): Promise<void> {
    const server = await startServer(store.folder)
    try {
      await runAll(server, store, setting, round)
      memory[setting].push(memoryNow(server))
    } finally {
      await server.stop()
    }
  }

  for (let round = 1; round <= plan.rounds; round++) {
    const empty = await makeStore(await newFolder(folder, `empty-${round}`))
    const baseline = await startBaseline(await newFolder(folder, `baseline-${round}`))
    try {
      await runAll(baseline, empty, 'baseline', round)
    } finally {
      await baseline.stop()
    }
    await serveAndRun(empty, 'empty', round)
    await serveAndRun(loaded.store, 'loaded', round)
  }
  const { store, ...stored } = loaded
  return { engine: store.engine, series: [...all.values()], ...starts, memory, ...stored, calls }
}

async function measureStarts({ starts }: Plan, folder: string, idle: ProgramMemory[], progress: Progress) {
  const firstStartsMs: number[] = []
  const restartsMs: number[] = []
  for (let n = 1; n <= starts; n++) {
    const data = await newFolder(folder, `start-${n}`)
    for (const times of [firstStartsMs, restartsMs]) {
      const { ms, server } = await timeToFirstAnswer(data)
      times.push(ms)
      idle.push(memoryNow(server))
      await server.stop()
    }
    progress(
      `start ${n}/${starts}  first ${firstStartsMs.at(-1)?.toFixed(0)} ms  again ${restartsMs.at(-1)?.toFixed(0)} ms`,
    )
  }
  return { firstStartsMs, restartsMs }
}

/** Sizes are taken before and after, with the engines closed: all of what is between them is the events'. */
async function loadStore({ loadedEvents }: Plan, folder: string, progress: Progress) {
  const store = await makeStore(folder)
  const before = await storedBytes(folder)
  const startedAt = performance.now()
  const step = loadedEvents / 10
  let reported = 0
  let preloadedEvents = 0
  await preload(store, loadedEvents, (stored) => {
    preloadedEvents = stored
    if (stored < reported + step) return
    reported += step
    progress(`stored ${stored} of ${loadedEvents} events`)
  })
  const preloadedPerSecond = preloadedEvents / ((performance.now() - startedAt) / 1000)
  const after = await storedBytes(folder)
  return {
    store,
    preloadedEvents,
    preloadedPerSecond,
    ledgerBytesPerEvent: (after.ledger - before.ledger) / preloadedEvents,
    vaultBytesPerSubject: (after.vault - before.vault) / (preloadedEvents / eventsPerSubject),
  }
}

function seriesOf(all: Map<string, Series>, setting: Setting, { id, concurrency }: Scenario): Series {
  const key = `${setting} ${id} ${concurrency}`
  const series = all.get(key) ?? { setting, id, concurrency, runs: [] }
  all.set(key, series)
  return series
}

function memoryNow({ pid, engines }: Program): ProgramMemory {
  return { server: memoryOf([pid]), engines: memoryOf(engines) }
}

function warmUpSeconds({ secondsPerRun }: Plan): number {
  return secondsPerRun / 2
}

export async function newFolder(parent: string, name: string): Promise<string> {
  const path = join(parent, name)
  await mkdir(path)
  return path
}

export function findSeries(series: readonly Series[], setting: Setting, id: ScenarioId, concurrency: number): Series {
  const found = series.find((s) => s.setting === setting && s.id === id && s.concurrency === concurrency)
  if (found === undefined) throw new Error(`nothing was measured for ${setting} ${id} at ${concurrency}`)
  return found
}
