/**
 * One measured run: so many connections, each with one request under way at any time, for some seconds. The first half second
 * is not measured. Rates count answers, latencies run from sending to the last byte, CPU is that of the same interval.
 */
import autocannon, { type Request } from 'autocannon'
import { cpuMicros } from './processes.ts'
import type { Program } from './program.ts'

/** What a run, or the median of several, came to. CPU is per answered request. */
export interface Figures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly serverCpuMicros: number
  readonly enginesCpuMicros: number
  /** CPU time of the bench's own process, which shares the cores with the server. */
  readonly generatorCpuMicros: number
  readonly requests: number
  /** Other statuses than the expected one, broken connections, answers that did not come: of the whole run. */
  readonly failedRequests: number
}

export interface Load {
  readonly connections: number
  readonly seconds: number
  readonly request: Omit<Request, 'setupRequest'>
  /** The next request. */
  readonly next: (request: Request) => Request
  readonly expectedStatus: number
  /** Requests a second, when the load is steady. Absent: each connection sends as soon as it is answered. */
  readonly perSecond?: number
}

const settleMs = 500
const sampleMs = 50

export async function runLoad(program: Program, load: Load): Promise<Figures> {
  const { connections, request, next, expectedStatus, perSecond } = load
  const latenciesMs: number[] = []
  let failedRequests = 0
  let before: Usage | undefined
  let lastAtMs = 0
  const startedAtMs = performance.now()
  const running = autocannon({
    url: program.url,
    connections,
    duration: load.seconds + settleMs / 1000,
    sampleInt: sampleMs,
    requests: [{ ...request, setupRequest: next }],
    ...(perSecond !== undefined && { overallRate: perSecond }),
  })
  running.on('response', (_client, statusCode, _bytes, responseTimeMs) => {
    if (statusCode !== expectedStatus) failedRequests++
    const nowMs = performance.now()
    if (before !== undefined) {
      latenciesMs.push(responseTimeMs)
      lastAtMs = nowMs
    } else if (nowMs - startedAtMs >= settleMs) before = usageOf(program)
  })
  const { errors } = await running
  const after = usageOf(program)
  if (before === undefined || latenciesMs.length === 0) {
    throw new Error(`no answers from ${program.url}${request.path}: ${program.log()}`)
  }
  const requests = latenciesMs.length
  latenciesMs.sort((a, b) => a - b)
  return {
    perSecond: requests / ((lastAtMs - before.atMs) / 1000),
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    serverCpuMicros: (after.server - before.server) / requests,
    enginesCpuMicros: (after.engines - before.engines) / requests,
    generatorCpuMicros: (after.generator - before.generator) / requests,
    requests,
    failedRequests: failedRequests + errors,
  }
}

/** Figure by figure, so that one disturbed run disturbs nothing. Requests and failures are summed. */
export function medianOf(runs: readonly Figures[]): Figures {
  const of = (figure: keyof Figures) => {
    const values = runs.map((run) => run[figure])
    const isSum = figure === 'requests' || figure === 'failedRequests'
    return isSum ? values.reduce((sum, value) => sum + value, 0) : median(values)
  }
  const [first] = runs
  if (first === undefined) throw new Error('there is no run')
  const figures: Record<keyof Figures, number> = { ...first }
  for (const figure of Object.keys(first) as (keyof Figures)[]) figures[figure] = of(figure)
  return figures
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

/** The smallest value that at least this share of all values does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

interface Usage {
  readonly atMs: number
  readonly server: number
  readonly engines: number
  readonly generator: number
}

function usageOf({ pid, engines }: Program): Usage {
  const { user, system } = process.cpuUsage()
  return {
    atMs: performance.now(),
    server: cpuMicros([pid]),
    engines: cpuMicros(engines),
    generator: user + system,
  }
}
