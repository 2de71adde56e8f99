/** An export of a drill's ledger, carried out on the model, and its files read back. */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import type { ExportDraft } from '../../../shared/api/schemas/exports.ts'
import { cellValue } from '../../../shared/csv.ts'
import { askExport, type ExportName, latestExportState } from '../../../shared/exports/export-state.ts'
import { type ExportWorker, runExport } from '../../../shared/exports/run-export.ts'
import { memoryFiles } from '../../support/memory-files.ts'
import { memorySubjectFinder } from '../../support/memory-finder.ts'
import { type Drill, newestSize } from '../ledger/audit/drill-items.ts'

export const officer = { issuer: 'urn:test', subject: 'officer' }

export const draftOf = (more: Partial<ExportDraft> = {}): ExportDraft => ({
  ...{ exportId: '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a12', what: 'events', format: 'ndjson', identifiers: 'clear' },
  ...more,
})

/** What an export is made from. */
export type Source = Pick<Drill, 'ledger' | 'snapshot' | 'log' | 'vault'>

export const workerOn = ({ ledger, vault }: Source, more: Partial<ExportWorker> = {}): ExportWorker => ({
  ...{ ledger, finder: memorySubjectFinder(vault), files: memoryFiles(), silentMs: 0, goesOn: () => true },
  ...more,
})

export async function ask({ ledger, snapshot, log: stored }: Source, draft: ExportDraft): Promise<ExportName> {
  const log = { from: 0, to: await newestSize({ log: stored }) }
  await askExport(ledger, snapshot, draft, officer, log)
  return { controller: 'acme', exportId: draft.exportId }
}

type Row = Record<string, unknown>

export interface Manifest {
  readonly log: { readonly from: number; readonly to: number }
  readonly rows: number
  readonly leaves: Readonly<Record<string, number>>
  readonly pieces: readonly {
    readonly from: number
    readonly to: number
    readonly date: string
    readonly leaves: Readonly<Record<string, number>>
    readonly part?: { readonly name: string; readonly rows: number; readonly bytes: number; readonly sha256: string }
  }[]
}

export async function bytesOf(worker: ExportWorker, name: string): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of worker.files.read(name)) all.push(chunk)
  return Buffer.concat(all)
}

export const folderOf = ({ controller, exportId }: ExportName) => `exports/${controller}/${exportId}/`

export async function manifestOf(worker: ExportWorker, name: ExportName): Promise<Manifest> {
  return JSON.parse(String(await bytesOf(worker, `${folderOf(name)}manifest.json`)))
}

/** The rows of all parts that the manifest names, in order. */
export async function rowsOf(worker: ExportWorker, name: ExportName): Promise<Row[]> {
  const rows: Row[] = []
  for (const { part } of (await manifestOf(worker, name)).pieces) {
    if (part === undefined) continue
    const bytes = await bytesOf(worker, folderOf(name) + part.name)
    rows.push(...(await readPart(part.name, bytes)))
  }
  return rows
}

async function readPart(name: string, bytes: Buffer): Promise<Row[]> {
  const plain = name.endsWith('.gz') ? gunzipSync(bytes) : name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes
  if (name.endsWith('.parquet')) {
    const { buffer, byteOffset, length } = new Uint8Array(plain)
    return parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + length) })
  }
  if (name.includes('.csv')) return parse(plain, { columns: true, bom: true, cast: (value) => cellValue(value) })
  return String(plain)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Runs until the export has ended. */
export async function carryOut(worker: ExportWorker, name: ExportName): Promise<string | undefined> {
  for (let runs = 0; runs < 1_000; runs++) {
    try {
      if (await runExport(worker, name)) break
    } catch (error) {
      if ((error as { code?: string }).code !== 'unavailable') throw error
    }
  }
  return (await latestExportState(worker.ledger.entries, name))?.state.state
}
