/** What was measured as one JSON document: medians, ratios to the baselines of the same run, and the aims with their outcome. */
import type { ColdStart, ColdStartPlan } from './cold-start.ts'
import { bareFetch } from './frontend-pages.ts'
import type { Frontend, FrontendPlan } from './frontends.ts'
import { type Figures, median, medianOf } from './load.ts'
import type { LogMeasured, LogPlan } from './log.ts'
import { logTargets, roundedLog } from './log-report.ts'
import type { Machine, Software } from './machine.ts'
import { findSeries, type Measured, type Plan, type ProgramMemory, type Setting } from './measure.ts'
import type { Memory } from './processes.ts'
import type { ScenarioId } from './scenarios.ts'
import { atLeast, atMost, below, round, type Target } from './target.ts'

/** The nearest peer, properly indexed, measured on the project's machine (2 cores) at concurrency 32. */
const peer = { writesPerSecond: 379, readsPerSecond: 1_000, writeP50Ms: 82, writeP99Ms: 127 }

const aims = {
  writesPerSecond: 3 * peer.writesPerSecond,
  ratioToBareInsert: 0.6,
  p99Ms: 60,
  loadedToEmpty: 0.9,
  startMs: 1_000,
  peakMB: 200,
  calls: { known: 2, announcedNew: 2, wronglyAnnounced: 3, replay: 3 },
  /** 3.2 of DESIGN section 9 without the log's share: an index row, and a tenth of a batch of 2 KB. A new subject is one more. */
  writeUnits: { known: 1, announcedNew: 2 },
  bundleKB: 450,
} as const

/** With what was asked for: the server's part, the log's, the cold starts, or all of them. */
export interface Report extends Partial<ServerReport> {
  readonly format: 'consent-ledger-bench@1'
  readonly startedAt: string
  readonly tookSeconds: number
  readonly plan: Plan & LogPlan & { readonly coldStarts: ColdStartPlan; readonly frontends: FrontendPlan }
  readonly machine: Machine
  readonly software: Software
  readonly log?: LogMeasured
  readonly coldStarts?: readonly ColdStart[]
  readonly frontends?: readonly (Frontend & { readonly toBareFetch?: number })[]
  readonly failedRequests: number
  readonly targets: readonly Target[]
}

export interface ServerReport extends ReturnType<typeof serverReportOf> {}

export function reportOf(
  about: Pick<Report, 'startedAt' | 'plan' | 'machine' | 'software'> & { readonly tookSeconds: number },
  measured: {
    readonly server?: Measured
    readonly log?: LogMeasured
    readonly coldStarts?: readonly ColdStart[]
    readonly frontends?: readonly Frontend[]
  },
): Report {
  const server = measured.server && serverReportOf(measured.server)
  const { log, coldStarts = [] } = measured
  const writes = log?.writes?.series.flatMap(({ on, off }) => [on, off]) ?? []
  return {
    format: 'consent-ledger-bench@1',
    ...about,
    tookSeconds: round(about.tookSeconds),
    ...server,
    ...(log && { log: roundedLog(log) }),
    ...(measured.frontends && { frontends: withRatios(measured.frontends) }),
    ...(measured.coldStarts && { coldStarts: coldStarts.map(roundedStart) }),
    failedRequests: [...(server?.results ?? []), ...writes].reduce((sum, run) => sum + run.failedRequests, 0),
    targets: [
      ...(measured.server ? targetsOf(measured.server) : []),
      ...(log ? logTargets(log) : []),
      ...coldStarts.map(({ name, kilobytes }) => atMost(`${name}, KB loaded at start`, aims.bundleKB, kilobytes)),
    ],
  }
}

/** Of the time from the click to the ledger's answer. */
function withRatios(frontends: readonly Frontend[]) {
  const bare = frontends.find(({ name }) => name === bareFetch)?.slowRecordedMs ?? 0
  return frontends.map((frontend) => ({
    ...frontend,
    ...(frontend.slowRecordedMs && { toBareFetch: round(frontend.slowRecordedMs / bare, 2) }),
  }))
}

function serverReportOf(measured: Measured) {
  const results = measured.series.map(({ setting, id, concurrency, runs }) => ({
    setting,
    id,
    concurrency,
    ...rounded(medianOf(runs)),
    perSecondOfEachRun: runs.map((run) => round(run.perSecond)),
  }))
  return {
    results,
    ratios: ratiosOf(measured),
    start: {
      firstMs: round(median(measured.firstStartsMs)),
      againMs: round(median(measured.restartsMs)),
      firstOfEachMs: measured.firstStartsMs.map((ms) => round(ms)),
      againOfEachMs: measured.restartsMs.map((ms) => round(ms)),
    },
    memory: {
      idle: largest(measured.memory.idle),
      afterRunsOnEmpty: largest(measured.memory.empty),
      afterRunsOnLoaded: largest(measured.memory.loaded),
    },
    stored: {
      preloadedEvents: measured.preloadedEvents,
      preloadedPerSecond: round(measured.preloadedPerSecond),
      ledgerFileBytesPerEvent: round(measured.ledgerBytesPerEvent),
      vaultFileBytesPerSubject: round(measured.vaultBytesPerSubject),
      dynamoDbEventItemBytes: measured.calls.itemBytes.event,
      dynamoDbSubjectItemBytes: measured.calls.itemBytes.subject,
    },
    dynamoDb: measured.calls,
  }
}

function ratiosOf({ series }: Measured) {
  const rate = (setting: Setting, id: ScenarioId, concurrency: number) =>
    medianOf(findSeries(series, setting, id, concurrency).runs).perSecond
  return series
    .filter(({ setting }) => setting === 'empty')
    .map(({ id, concurrency }) => {
      const empty = rate('empty', id, concurrency)
      const peerRate = id === 'read-state' ? peer.readsPerSecond : peer.writesPerSecond
      return {
        id,
        concurrency,
        toBareInsert: round(empty / rate('baseline', 'bare-insert', concurrency), 3),
        toNoOp: round(empty / rate('baseline', 'no-op', concurrency), 3),
        loadedToEmpty: round(rate('loaded', id, concurrency) / empty, 3),
        ...(id !== 'prove' && concurrency === 32 && { toNearestPeer: round(empty / peerRate, 2) }),
      }
    })
}

function targetsOf(measured: Measured): Target[] {
  const { series, calls } = measured
  const at32 = (setting: Setting, id: ScenarioId) => medianOf(findSeries(series, setting, id, 32).runs)
  const bare = at32('baseline', 'bare-insert').perSecond
  const writes = (['write-new', 'write-known'] as const).flatMap((id) => {
    const empty = at32('empty', id)
    const loaded = at32('loaded', id)
    const of = `${id} at concurrency 32`
    return [
      atLeast(`${of}, per second`, aims.writesPerSecond, empty.perSecond),
      atLeast(`${of}, ratio to bare-insert`, aims.ratioToBareInsert, empty.perSecond / bare, 3),
      below(`${of}, p99 ms`, aims.p99Ms, empty.p99Ms),
      atLeast(`${of}, loaded to empty`, aims.loadedToEmpty, loaded.perSecond / empty.perSecond, 3),
    ]
  })
  const memory = [...measured.memory.idle, ...measured.memory.empty, ...measured.memory.loaded]
  return [
    ...writes,
    below('start to first answer, empty folder, ms', aims.startMs, median(measured.firstStartsMs)),
    below('start to first answer, again, ms', aims.startMs, median(measured.restartsMs)),
    below('server peak RSS, MB', aims.peakMB, Math.max(...memory.map(({ server }) => server.peakMB))),
    ...(['known', 'announcedNew', 'wronglyAnnounced', 'replay'] as const).map((kind) =>
      atMost(`DynamoDB calls, ${kind}`, aims.calls[kind], calls[kind].operations.length),
    ),
    ...(['known', 'announcedNew'] as const).map((kind) =>
      atMost(`DynamoDB write units, ${kind}`, aims.writeUnits[kind], calls[kind].writeUnits),
    ),
  ]
}

function rounded(figures: Figures): Figures {
  const { requests, failedRequests, ...rest } = figures
  return {
    perSecond: round(rest.perSecond),
    p50Ms: round(rest.p50Ms, 2),
    p99Ms: round(rest.p99Ms, 2),
    serverCpuMicros: round(rest.serverCpuMicros),
    enginesCpuMicros: round(rest.enginesCpuMicros),
    generatorCpuMicros: round(rest.generatorCpuMicros),
    requests,
    failedRequests,
  }
}

function roundedStart({ name, kilobytes, ...spreads }: ColdStart): ColdStart {
  const of = ({ medianMs, worstMs }: ColdStart['ready']) => ({ medianMs: round(medianMs), worstMs: round(worstMs) })
  const { ready, first, second, readyAndFirst } = spreads
  return {
    ...{ name, kilobytes: round(kilobytes) },
    ...{ ready: of(ready), first: of(first), second: of(second), readyAndFirst: of(readyAndFirst) },
  }
}

function largest(all: readonly ProgramMemory[]): ProgramMemory {
  const of = (who: keyof ProgramMemory, which: keyof Memory) => round(Math.max(...all.map((m) => m[who][which])))
  return {
    server: { residentMB: of('server', 'residentMB'), peakMB: of('server', 'peakMB') },
    engines: { residentMB: of('engines', 'residentMB'), peakMB: of('engines', 'peakMB') },
  }
}
