/** The report for people: tables in plain text. */
import type { ColdStart } from './cold-start.ts'
import type { FrontendPlan } from './frontends.ts'
import { grid } from './grid.ts'
import { logTablesOf } from './log-table.ts'
import type { Report, ServerReport } from './report.ts'

export function tablesOf(report: Report): string {
  const { machine, software, plan, log, coldStarts, frontends, targets } = report
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryMB} MB, ${machine.platform} ${machine.kernel}, fsync ${Math.round(machine.fsyncMicros)} us` +
      (machine.dataInMemory ? ' (data in memory: nothing is durable here, set TMPDIR to a disk)' : ''),
    `Node ${software.node} ${software.serverFlags.join(' ')}, ${software.engine} ${software.engineVersion ?? ''}, SDK ${software.awsSdk}`,
    `${plan.rounds} rounds of ${plan.secondsPerRun} s a run, medians; ${report.tookSeconds} s in all`,
    ...(hasServer(report) ? ['', ...serverTablesOf(report)] : []),
    ...(log ? ['', ...logTablesOf(log)] : []),
    ...(coldStarts ? ['', coldStartTableOf(coldStarts, plan.coldStarts.spawns)] : []),
    ...(frontends ? ['', frontendTableOf(frontends, plan.frontends)] : []),
    '',
    grid(
      ['aim', 'wanted', 'measured', ''],
      targets.map((t) => [t.aim, t.wanted, t.measured, t.reached ? 'reached' : 'MISSED']),
    ),
  ].join('\n')
}

function coldStartTableOf(coldStarts: readonly ColdStart[], spawns: number): string {
  const rows = coldStarts.map(({ name, kilobytes, ready, first, second, readyAndFirst }) => [
    ...[name, Math.round(kilobytes)],
    ...[ready, first, second, readyAndFirst].map(({ medianMs, worstMs }) => `${medianMs} / ${worstMs}`),
  ])
  const head = ['KB at start', 'ready ms', 'first ms', 'second ms', 'ready and first ms']
  return grid([`cold start, median / worst of ${spawns}`, ...head], rows)
}

function frontendTableOf(frontends: NonNullable<Report['frontends']>, { loads, slowVisits }: FrontendPlan): string {
  const rows = frontends.map(({ name, loadedBytes, scriptMs, taskMs, slowReadyMs, slowRecordedMs, toBareFetch }) => [
    ...[name, (loadedBytes / 1000).toFixed(1), scriptMs, taskMs, Math.round(slowReadyMs)],
    ...[slowRecordedMs ? Math.round(slowRecordedMs) : '', toBareFetch ?? ''],
  ])
  const head = ['KB of code', 'script ms', 'all ms', 'slow 3G: ready ms', 'click to recorded ms', 'to a bare fetch']
  return grid([`frontends, medians of ${loads} loads, ${slowVisits} slow visits`, ...head], rows)
}

function hasServer(report: Report): report is Report & ServerReport {
  return report.results !== undefined
}

function serverTablesOf(report: ServerReport): string[] {
  const { start, memory, stored, dynamoDb } = report
  const results = report.results.map((r) => [
    ...[r.setting, r.id, r.concurrency, Math.round(r.perSecond), r.p50Ms.toFixed(1), r.p99Ms.toFixed(1)],
    ...[r.serverCpuMicros, r.enginesCpuMicros, r.generatorCpuMicros].map(Math.round),
    r.failedRequests,
  ])
  const ratios = report.ratios.map((r) => [
    ...[r.id, r.concurrency, r.toBareInsert.toFixed(2), r.toNoOp.toFixed(2), r.loadedToEmpty.toFixed(2)],
    'toNearestPeer' in r ? r.toNearestPeer?.toFixed(2) : '',
  ])
  const costs = (
    ['known', 'announcedNew', 'wronglyAnnounced', 'notAnnounced', 'replay', 'replayOfAnnounced'] as const
  ).map((kind) => {
    const { operations, writeUnits, readUnits, refusedInserts } = dynamoDb[kind]
    return [kind, operations.length, writeUnits, readUnits, refusedInserts, operations.join(', ')]
  })
  const memories = (['idle', 'afterRunsOnEmpty', 'afterRunsOnLoaded'] as const).map((when) => {
    const { server, engines } = memory[when]
    return [when, server.residentMB, server.peakMB, engines.residentMB, engines.peakMB]
  })
  return [
    grid(
      ['setting', 'what', 'c', '/s', 'p50 ms', 'p99 ms', 'server us', 'engines us', 'generator us', 'failed'],
      results,
    ),
    '',
    grid(['what', 'c', 'to bare-insert', 'to no-op', 'loaded to empty', 'to nearest peer'], ratios),
    '',
    grid(['DynamoDB, one event', 'calls', 'write units', 'read units', 'refused', ''], costs),
    `under 32 connections: ${dynamoDb.callsPerEventAtConcurrency32.toFixed(2)} calls an event`,
    '',
    grid(['memory, MB', 'server', 'peak', 'engines', 'peak'], memories),
    `start to first answer: ${start.firstMs} ms with an empty folder, ${start.againMs} ms again`,
    `loaded is ${stored.preloadedEvents} events and more, stored at ${stored.preloadedPerSecond}/s: ${stored.ledgerFileBytesPerEvent} bytes of file an event, ${stored.vaultFileBytesPerSubject} a subject; ` +
      `as DynamoDB items ${stored.dynamoDbEventItemBytes} and ${stored.dynamoDbSubjectItemBytes}`,
  ]
}
