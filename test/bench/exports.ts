/**
 * `--only exports`: rows a second of exports in each format, and the server's memory while they are carried out. The log is that of an import
 * (`imports.ts`), so each event is another person's, with three decisions: the dearest case, because no place of a row is known from before. Statuses are of one purpose.
 */
import { randomUUID } from 'node:crypto'
import { audienceOf, openDevelopmentIssuer } from '../../infra/local/development-issuer.ts'
import { importRecords } from './imports.ts'
import { cpuMicros, enginesOf, memoryOf } from './processes.ts'
import { type Program, startServer } from './program.ts'
import { makeStore } from './store.ts'
import { controller } from './visits.ts'

export const defaultExported = 20_000
const sampleMs = 50

export interface ExportFigures {
  readonly what: string
  readonly leaves: number
  readonly fileMB: number
  readonly seconds: number
  readonly perSecond: number
  /** Highest resident memory of the server, sampled. */
  readonly peakMB: number
  readonly serverCpuMicros: number
  readonly enginesCpuMicros: number
}

const kinds = {
  'events, ndjson.gz': { what: 'events', format: 'ndjson' },
  'events, csv.gz': { what: 'events', format: 'csv' },
  'events, csv.zst': { what: 'events', format: 'csv', compression: 'zstd' },
  'events, parquet': { what: 'events', format: 'parquet' },
  'statuses, ndjson.gz': { what: 'statuses', format: 'ndjson', purposeId: 'statistics' },
} as const

export async function measureExports(
  folder: string,
  records: number,
  progress: (line: string) => void,
): Promise<ExportFigures[]> {
  await makeStore(folder)
  const issuer = await openDevelopmentIssuer(folder)
  const claims = { audience: audienceOf(controller), subject: 'bench', lifetimeSeconds: 36_000 }
  const bearer = async (scope: string) => `Bearer ${await issuer.token({ ...claims, scope })}`
  const server = await startServer(folder)
  try {
    await importRecords(server, folder, await bearer('consent.import'), records, progress)
    const authorization = await bearer('consent.export consent.export.clear')
    await untilLogged(server, authorization, records, progress)
    const found: ExportFigures[] = []
    for (const [what, request] of Object.entries(kinds))
      found.push(await measured(server, authorization, what, request))
    return found
  } finally {
    await server.stop()
  }
}

/** Asks until an export looks at all that was recorded: the log is extended meanwhile. */
async function untilLogged(
  server: Program,
  authorization: string,
  records: number,
  progress: (line: string) => void,
): Promise<void> {
  for (;;) {
    const { log } = await exportOf(server, authorization, { what: 'events', format: 'csv', purposeId: 'preferences' })
    progress(`${log.to} leaves in the log`)
    if (log.to >= records) return
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

async function measured(server: Program, authorization: string, what: string, request: object): Promise<ExportFigures> {
  const engines = await enginesOf(server.pid)
  const [serverBefore, enginesBefore] = [cpuMicros([server.pid]), cpuMicros(engines)]
  const startedMs = performance.now()
  let peakMB = 0
  const done = await exportOf(server, authorization, request, () => {
    peakMB = Math.max(peakMB, memoryOf([server.pid]).residentMB)
  })
  const seconds = (performance.now() - startedMs) / 1000
  const leaves: number = done.leaves.exported
  const bytes = done.parts.reduce((sum: number, part: { bytes: number }) => sum + part.bytes, 0)
  return {
    ...{ what, leaves, fileMB: bytes / 1e6, seconds, perSecond: leaves / seconds, peakMB },
    serverCpuMicros: (cpuMicros([server.pid]) - serverBefore) / leaves,
    enginesCpuMicros: (cpuMicros(engines) - enginesBefore) / leaves,
  }
}

async function exportOf(server: Program, authorization: string, request: object, sample: () => void = () => {}) {
  const url = `${server.url}/v1/controllers/${controller}/exports`
  const headers = { authorization, 'content-type': 'application/json' }
  const exportId = randomUUID()
  const body = JSON.stringify({ exportId, identifiers: 'clear', ...request })
  const asked = await fetch(url, { method: 'POST', headers, body })
  if (asked.status !== 202) throw new Error(`an export was answered ${asked.status}: ${await asked.text()}`)
  for (;;) {
    const answer = await (await fetch(`${url}/${exportId}`, { headers })).json()
    if (answer.state === 'done') return answer
    if (answer.state === 'failed') throw new Error(`the export failed: ${answer.failure}`)
    sample()
    await new Promise((resolve) => setTimeout(resolve, sampleMs))
  }
}

export const exportsHead = [
  ...['an export of', 'events', 'file MB', 'seconds', 'events/s', 'MB peak', 'server CPU µs', 'engines CPU µs'],
]

export function exportsRows(found: readonly ExportFigures[]): string[][] {
  return found.map(({ what, leaves, fileMB, seconds, perSecond, peakMB, serverCpuMicros, enginesCpuMicros }) => [
    ...[what, String(leaves), fileMB.toFixed(1), seconds.toFixed(1), perSecond.toFixed(0), peakMB.toFixed(0)],
    ...[serverCpuMicros.toFixed(0), enginesCpuMicros.toFixed(0)],
  ])
}
