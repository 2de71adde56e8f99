/** The measurements as one JSON document: medians, ratios to the baselines of the same run, and the aims with their outcome. */
import type { ColdStart, ColdStartPlan } from './cold-start.ts'
import { bareFetch } from './frontend-pages.ts'
import type { Frontend, FrontendPlan } from './frontends.ts'
import { median, medianOf } from './load.ts'
import type { LogMeasured, LogPlan } from './log.ts'
import { logTargets } from './log-targets.ts'
import type { Machine, Software } from './machine.ts'
import { findSeries, type Measured, type Plan, type ProgramMemory, type Setting } from './measure.ts'
import type { Memory } from './processes.ts'
import type { ScenarioId } from './scenarios.ts'
import { type Target, target } from './target.ts'

/** The nearest peer, properly indexed, measured on the project's machine (2 cores) at concurrency 32. */
const peer = { writesPerSecond: 379, readsPerSecond: 1_000 }

const maxBundleKB = 450
const maxCalls = { known: 2, announcedNew: 2, wronglyAnnounced: 3, replay: 3 }
/** An event may cost 3.2 units. The log's share is an index row, and a tenth of a batch of 2 KB. A new subject is one more. */
const maxWriteUnits = { known: 1, announcedNew: 2 }

/** Holds the parts that were asked for. */
export interface Report extends Partial<ReturnType<typeof serverReportOf>> {
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

export interface MeasuredParts {
  readonly server?: Measured
  readonly log?: LogMeasured
  readonly coldStarts?: readonly ColdStart[]
  readonly frontends?: readonly Frontend[]
}

export function reportOf(
  about: Pick<Report, 'startedAt' | 'tookSeconds' | 'plan' | 'machine' | 'software'>,
  { server, log, coldStarts, frontends }: MeasuredParts,
): Report {
  const runs = [
    ...(server?.series.flatMap((series) => series.runs) ?? []),
    ...(log?.writes?.series.flatMap(({ on, off }) => [on, off]) ?? []),
  ]
  const report: Report = {
    format: 'consent-ledger-bench@1',
    ...about,
    ...(server && serverReportOf(server)),
    ...(log && { log }),
    ...(frontends && { frontends: withRatios(frontends) }),
    ...(coldStarts && { coldStarts }),
    failedRequests: runs.reduce((sum, run) => sum + run.failedRequests, 0),
    targets: [
      ...(server ? serverTargets(server) : []),
      ...(log ? logTargets(log) : []),
      ...(coldStarts ?? []).map((each) => target(`${each.name}, KB at start`, each.kilobytes, '<=', maxBundleKB)),
    ],
  }
  return rounded(report) as Report
}

/** Ratio of the time from the click to the ledger's answer. */
function withRatios(frontends: readonly Frontend[]) {
  const bare = frontends.find(({ name }) => name === bareFetch)?.slowRecordedMs ?? 0
  return frontends.map((frontend) => ({
    ...frontend,
    ...(frontend.slowRecordedMs && { toBareFetch: frontend.slowRecordedMs / bare }),
  }))
}

function serverReportOf(measured: Measured) {
  const { series, memory, calls, firstStartsMs, restartsMs } = measured
  return {
    results: series.map(({ setting, id, concurrency, runs }) => ({
      ...{ setting, id, concurrency, ...medianOf(runs) },
      perSecondOfEachRun: runs.map((run) => run.perSecond),
    })),
    ratios: ratiosOf(measured),
    start: {
      firstMs: median(firstStartsMs),
      againMs: median(restartsMs),
      firstOfEachMs: firstStartsMs,
      againOfEachMs: restartsMs,
    },
    memory: {
      idle: largest(memory.idle),
      afterRunsOnEmpty: largest(memory.empty),
      afterRunsOnLoaded: largest(memory.loaded),
    },
    stored: {
      preloadedEvents: measured.preloadedEvents,
      preloadedPerSecond: measured.preloadedPerSecond,
      ledgerFileBytesPerEvent: measured.ledgerBytesPerEvent,
      vaultFileBytesPerSubject: measured.vaultBytesPerSubject,
      dynamoDbEventItemBytes: calls.itemBytes.event,
      dynamoDbSubjectItemBytes: calls.itemBytes.subject,
    },
    dynamoDb: calls,
  }
}

function ratiosOf({ series }: Measured) {
  const rate = (setting: Setting, id: ScenarioId, concurrency: number) =>
    medianOf(findSeries(series, setting, id, concurrency).runs).perSecond
  return series
    .filter(({ setting }) => setting === 'empty')
    .map(({ id, concurrency }) => {
      const figures = medianOf(findSeries(series, 'empty', id, concurrency).runs)
      const bare = medianOf(findSeries(series, 'baseline', 'bare-insert', concurrency).runs)
      const empty = figures.perSecond
      const peerRate = id === 'read-state' ? peer.readsPerSecond : peer.writesPerSecond
      return {
        id,
        concurrency,
        toBareInsert: empty / bare.perSecond,
        toNoOp: empty / rate('baseline', 'no-op', concurrency),
        loadedToEmpty: rate('loaded', id, concurrency) / empty,
        ...(id !== 'prove' && concurrency === 32 && { toNearestPeer: empty / peerRate }),
        serverCpuMsPerRequest: figures.serverCpuMicros / 1_000,
        cpuToBareInsert: figures.serverCpuMicros / bare.serverCpuMicros,
        p99ToBareInsert: figures.p99Ms / bare.p99Ms,
      }
    })
}

function serverTargets({ series, calls, memory, firstStartsMs, restartsMs }: Measured): Target[] {
  const at32 = (setting: Setting, id: ScenarioId) => medianOf(findSeries(series, setting, id, 32).runs)
  const bare = at32('baseline', 'bare-insert').perSecond
  const writes = (['write-new', 'write-known'] as const).flatMap((id) => {
    const empty = at32('empty', id)
    const of = `${id} at concurrency 32`
    return [
      target(`${of}, per second`, empty.perSecond, '>=', 3 * peer.writesPerSecond),
      target(`${of}, ratio to bare-insert`, empty.perSecond / bare, '>=', 0.6),
      target(`${of}, p99 ms`, empty.p99Ms, '<', 60),
      target(`${of}, loaded to empty`, at32('loaded', id).perSecond / empty.perSecond, '>=', 0.9),
    ]
  })
  const peaks = [...memory.idle, ...memory.empty, ...memory.loaded].map(({ server }) => server.peakMB)
  return [
    ...writes,
    target('start to first answer, empty folder, ms', median(firstStartsMs), '<', 1_000),
    target('start to first answer, again, ms', median(restartsMs), '<', 1_000),
    target('server peak RSS, MB', Math.max(...peaks), '<', 200),
    ...(['known', 'announcedNew', 'wronglyAnnounced', 'replay'] as const).map((kind) =>
      target(`DynamoDB calls, ${kind}`, calls[kind].operations.length, '<=', maxCalls[kind]),
    ),
    ...(['known', 'announcedNew'] as const).map((kind) =>
      target(`DynamoDB write units, ${kind}`, calls[kind].writeUnits, '<=', maxWriteUnits[kind]),
    ),
  ]
}

function largest(all: readonly ProgramMemory[]): ProgramMemory {
  const of = (program: keyof ProgramMemory, which: keyof Memory) => Math.max(...all.map((m) => m[program][which]))
  return {
    server: { residentMB: of('server', 'residentMB'), peakMB: of('server', 'peakMB') },
    engines: { residentMB: of('engines', 'residentMB'), peakMB: of('engines', 'peakMB') },
  }
}

/** Numbers to four significant places below 1,000, to whole ones above: a shared machine gives no more. */
export function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rounded(member)]))
}
