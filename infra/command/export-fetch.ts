/**
 * Asks a ledger for an export, waits until it is done, and fetches its files into a folder. Each file is there when all of it is: it is fetched under
 * another name, compared with the hash that the ledger states, and renamed. So the same command goes on where it was cut off, in the middle of a file too.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { callLedger, isRecord } from './ask-ledger.ts'
import { isPartName } from './export-manifest.ts'

export interface ExportSource {
  /** `…/v1/controllers/{controller}/exports` */
  readonly exports: URL
  readonly token: string
  readonly exportId: string
  readonly pollMs?: number
}

export interface ExportState {
  readonly state: string
  readonly progress: number
  readonly rows: number
  readonly failure?: string
  readonly manifestSha256?: string
}

type Json = Readonly<Record<string, unknown>>
const tries = 4

const idFile = (folder: string): string => join(folder, 'export-id')

/** The export that a folder is of; a new one for a folder that has none yet. */
export async function exportIdFor(folder: string, given: string | undefined): Promise<string> {
  const kept = (await readFile(idFile(folder), 'utf8').catch(() => undefined))?.trim()
  if (kept !== undefined && !/^[0-9a-f-]{36}$/.test(kept))
    throw new Error(`${idFile(folder)} is not the name of an export`)
  if (kept !== undefined && given !== undefined && kept !== given)
    throw new Error(`${folder} has the export ${kept}; give another --out`)
  return given ?? kept ?? randomUUID()
}

/** Called when the ledger has taken the export on, so that a refused one leaves no folder. */
export async function keepExportId(folder: string, exportId: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(idFile(folder), `${exportId}\n`)
}

export async function askExport({ exports: url, token }: ExportSource, request: object): Promise<void> {
  await callLedger(url, token, { method: 'POST', body: request })
}

/** Resolves when the export is over, whatever came of it. */
export async function untilDone(source: ExportSource, progress: (state: ExportState) => void): Promise<ExportState> {
  for (let waitMs = source.pollMs ?? 500; ; waitMs = Math.min(waitMs * 1.5, 10_000)) {
    const state = stateIn(await page(source))
    progress(state)
    if (state.state !== 'queued' && state.state !== 'running') return state
    await pause(waitMs)
  }
}

/** @returns the number of files that were fetched now; the others were there */
export async function fetchFiles(
  source: ExportSource,
  folder: string,
  progress: (name: string) => void,
): Promise<number> {
  let fetched = 0
  let after: string | undefined
  do {
    const json = await page(source, after)
    for (const part of Array.isArray(json.parts) ? json.parts : []) {
      const { name, sha256, bytes, download } = isRecord(part) ? part : {}
      if (!isPartName(name) || typeof sha256 !== 'string' || !isRecord(download))
        throw new Error(
          'the ledger gives no way to a file: it may have expired, or the token lacks consent.export.clear',
        )
      if (await fetchFile(join(folder, name), String(download.url), { sha256, bytes: Number(bytes) })) fetched++
      progress(name)
    }
    after = typeof json.nextPart === 'string' ? json.nextPart : undefined
    if (after === undefined) {
      if (!isRecord(json.manifest) || typeof json.manifestSha256 !== 'string')
        throw new Error('the export has no manifest')
      // Last, so that a folder with a manifest is whole.
      const wanted = { sha256: json.manifestSha256 }
      if (await fetchFile(join(folder, 'manifest.json'), String(json.manifest.url), wanted)) fetched++
    }
  } while (after !== undefined)
  return fetched
}

async function page({ exports: url, token, exportId }: ExportSource, afterPart?: string): Promise<Json> {
  const one = new URL(`${url.pathname}/${exportId}`, url)
  if (afterPart !== undefined) one.searchParams.set('afterPart', afterPart)
  const { json } = await callLedger(one, token, { method: 'GET' })
  if (!isRecord(json)) throw new Error('the ledger answers with something else than an export')
  return json
}

function stateIn({ state, progress, rows, failure, manifestSha256 }: Json): ExportState {
  return {
    ...{ state: String(state), progress: Number(progress), rows: Number(rows) },
    ...(typeof failure === 'string' && { failure }),
    ...(typeof manifestSha256 === 'string' && { manifestSha256 }),
  }
}

interface Wanted {
  readonly sha256: string
  readonly bytes?: number
}

/** @returns false when the file was there */
async function fetchFile(path: string, url: string, wanted: Wanted): Promise<boolean> {
  if ((await sha256Of(path)) === wanted.sha256) return false
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const partial = `${path}.partial`
  for (let attempt = 1; ; attempt++) {
    const failure = await download(url, partial).catch((error: unknown) => error ?? new Error('no answer'))
    const found = await sha256Of(partial)
    if (failure === undefined && found === wanted.sha256) break
    if (attempt === tries) throw new Error(`${path} could not be fetched: ${messageOf(failure, found, wanted)}`)
    // A file that is as long as it should be, and another, is fetched anew; a shorter one is gone on with.
    if (failure === undefined) await rm(partial, { force: true })
    await pause(200 * attempt)
  }
  await rename(partial, path)
  return true
}

function messageOf(failure: unknown, found: string | undefined, { sha256 }: Wanted): string {
  if (failure instanceof Error) return failure.message
  return `its SHA-256 is ${found ?? 'none'} and should be ${sha256}`
}

/** Goes on at the end of what is there. The URL itself is the credential, so no token is sent to it. */
async function download(url: string, path: string): Promise<void> {
  const start = (await stat(path).catch(() => undefined))?.size ?? 0
  const response = await fetch(url, { redirect: 'error', headers: start > 0 ? { range: `bytes=${start}-` } : {} })
  // The whole file was there already.
  if (response.status === 416) return
  if (!response.ok || response.body === null) throw new Error(`the file’s URL answers ${response.status}`)
  const flags = response.status === 206 ? 'a' : 'w'
  // The types of the two streams differ in name only.
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
  await pipeline(body, createWriteStream(path, { flags, mode: 0o600 }))
}

async function sha256Of(path: string): Promise<string | undefined> {
  const sha = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) sha.update(chunk)
    return sha.digest('hex')
  } catch {
    return undefined
  }
}
