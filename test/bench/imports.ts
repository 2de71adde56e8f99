/**
 * `--only imports`: records a second of an import, and the server's memory while it is carried out. The file is Didomi's form, NDJSON and gzip, made as
 * it is sent: each record is another person's, with three purposes, so each makes keys and an event. `--records N` says how many.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { uploadFile } from '../../infra/command/import-files.ts'
import { audienceOf, openDevelopmentIssuer } from '../../infra/local/development-issuer.ts'
import { cpuMicros, enginesOf, memoryOf } from './processes.ts'
import { type Program, startServer } from './program.ts'
import { makeStore } from './store.ts'
import { controller } from './visits.ts'

export const defaultRecords = 100_000
const purposes = ['statistics', 'marketing-cookies', 'preferences']
const sampleMs = 1_000

export interface ImportFigures {
  readonly records: number
  readonly fileMB: number
  readonly seconds: number
  readonly perSecond: number
  /** Resident memory of the server a tenth into the import, and the peak. */
  readonly earlyMB: number
  readonly peakMB: number
  readonly serverCpuMicros: number
  readonly enginesCpuMicros: number
}

export async function measureImports(
  folder: string,
  records: number,
  progress: (line: string) => void,
): Promise<ImportFigures> {
  await makeStore(folder)
  const issuer = await openDevelopmentIssuer(folder)
  const claims = { audience: audienceOf(controller), subject: 'importer', lifetimeSeconds: 36_000 }
  const authorization = `Bearer ${await issuer.token({ ...claims, scope: 'consent.import' })}`
  const server = await startServer(folder)
  try {
    return await importRecords(server, folder, authorization, records, progress)
  } finally {
    await server.stop()
  }
}

/** Each record is another person's. */
export async function importRecords(
  server: Program,
  folder: string,
  authorization: string,
  records: number,
  progress: (line: string) => void,
): Promise<ImportFigures> {
  const path = join(folder, 'records.ndjson.gz')
  await pipeline(Readable.from(recordLines(records)), createGzip({ level: 1 }), createWriteStream(path))
  const bytes = (await stat(path)).size
  const imports = `${server.url}/v1/controllers/${controller}/imports`
  const call = async (url: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) }
    const answer = await fetch(url, { ...init, headers: { authorization, 'content-type': 'application/json' } })
    if (!answer.ok) throw new Error(`an import was answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  const file = { path, name: 'records.ndjson.gz', bytes, changedMs: 0 }
  const importId = randomUUID()
  const draft = { importId, system: 'bench', site: 'web', format: 'didomi', identifierType: 'account' }
  const asked = await call(imports, { ...draft, files: [{ name: file.name, bytes }] })
  await uploadFile(file, asked.files[0].upload.url)
  const engines = await enginesOf(server.pid)
  const [serverBefore, enginesBefore] = [cpuMicros([server.pid]), cpuMicros(engines)]
  const startedMs = performance.now()
  await call(`${imports}/${importId}/start`, {})
  let earlyMB = 0
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, sampleMs))
    const { state, progress: part, counters } = await call(`${imports}/${importId}`)
    const { residentMB } = memoryOf([server.pid])
    if (earlyMB === 0 && part >= 0.1) earlyMB = residentMB
    progress(`${counters.records} records, ${residentMB.toFixed(0)} MB`)
    if (state === 'running' || state === 'queued') continue
    if (state !== 'done' || counters.accepted !== records) throw new Error(`${state}: ${JSON.stringify(counters)}`)
    break
  }
  const seconds = (performance.now() - startedMs) / 1000
  return {
    ...{ records, fileMB: bytes / 1e6, seconds, perSecond: records / seconds, earlyMB },
    peakMB: memoryOf([server.pid]).peakMB,
    serverCpuMicros: (cpuMicros([server.pid]) - serverBefore) / records,
    enginesCpuMicros: (cpuMicros(engines) - enginesBefore) / records,
  }
}

function* recordLines(records: number): Generator<string> {
  const first = Date.parse('2025-01-01T00:00:00Z')
  for (let n = 0; n < records; n++) {
    const decided = purposes.map((id, i) => ({ id, enabled: (n >> i) % 2 === 0 }))
    const record = {
      ...{ id: `event-${n}`, created_at: new Date(first + n * 1_000).toISOString() },
      ...{ user: { organization_user_id: `customer-${n}` }, consents: { purposes: decided } },
    }
    yield `${JSON.stringify(record)}\n`
  }
}

export const importsHead = [
  ...['records', 'file MB', 'seconds', 'records/s', 'MB early', 'MB peak', 'server CPU µs', 'engines CPU µs'],
]

export function importsRow(found: ImportFigures): string[] {
  const { records, fileMB, seconds, perSecond, earlyMB, peakMB, serverCpuMicros, enginesCpuMicros } = found
  return [records, fileMB, seconds, perSecond, earlyMB, peakMB, serverCpuMicros, enginesCpuMicros].map((figure) =>
    figure.toFixed(figure === fileMB ? 1 : 0),
  )
}
