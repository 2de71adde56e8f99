/** The files of an import on this machine: found, named, sent to the URLs that the ledger gave, and reports fetched from there. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Misuse } from '../command-line.ts'
import { boundedBody } from './bounded-body.ts'

export interface SourceFile {
  readonly path: string
  /** Without its folder. */
  readonly name: string
  readonly bytes: number
  readonly changedMs: number
}

const imported = /\.(csv|tsv|json|ndjson|jsonl)(\.gz)?$/i
/** Reports of this command, which may be beside what it imports. */
const reports = /^import-[0-9a-f-]{36}-rejected\.csv$/
const maxReportBytes = 64 * 1024 * 1024
const tries = 3

/** The files, and those directly in folders that are tables by their names, in the order of their names. @throws Misuse */
export async function filesAt(paths: readonly string[]): Promise<SourceFile[]> {
  const found = await Promise.all(paths.map(async (path) => ((await isFolder(path)) ? inFolder(path) : [path])))
  const files = await Promise.all(found.flat().map(described))
  if (files.length === 0)
    throw new Misuse('the folder has no file that ends in .csv, .tsv, .json, .ndjson or .jsonl, or in that and .gz')
  const empty = files.find(({ bytes }) => bytes === 0)
  if (empty) throw new Misuse(`${empty.path} is empty`)
  return files
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new Misuse(`there is no ${path}`)
  return found.isDirectory()
}

async function inFolder(path: string): Promise<string[]> {
  const names = await readdir(path)
  return names
    .filter((name) => imported.test(name) && !reports.test(name))
    .sort()
    .map((name) => join(path, name))
}

async function described(path: string): Promise<SourceFile> {
  const { size, mtimeMs } = await stat(path)
  return { path, name: basename(path), bytes: size, changedMs: mtimeMs }
}

/** A UUID of version 8 (RFC 9562): the same request with the same files has the same one. */
export function idOf(controller: string, request: object, files: readonly SourceFile[]): string {
  const named = files.map(({ name, bytes, changedMs }) => [name, bytes, changedMs])
  const hex = createHash('sha256')
    .update(JSON.stringify([controller, request, named]))
    .digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** One PUT with the exact length, which the URL permits. Repeated when the connection breaks. */
export async function uploadFile(file: SourceFile, url: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await put(file, new URL(url))
    } catch (error) {
      if (error instanceof Refused || tried === tries)
        throw new Error(`${file.path} cannot be uploaded: ${error instanceof Error ? error.message : error}`)
    }
  }
}

class Refused extends Error {}

async function put({ path, bytes }: SourceFile, url: URL): Promise<void> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const sent = send(url, { method: 'PUT', headers: { 'content-length': bytes } })
  const answered = new Promise<number>((resolve, reject) => {
    sent.once('response', (response) => {
      response.resume().once('error', reject)
      resolve(response.statusCode ?? 0)
    })
    sent.once('error', reject)
  })
  await Promise.all([pipeline(createReadStream(path), sent), answered])
  const status = await answered
  if (status >= 400 && status < 500) throw new Refused(`the storage refuses it (${status})`)
  if (status !== 200) throw new Error(`the storage answers ${status}`)
}

export async function fetchFile(url: string): Promise<Uint8Array> {
  const response = await fetch(url)
  const bytes = response.ok ? await boundedBody(response, maxReportBytes) : undefined
  if (bytes === undefined) throw new Error(`the report cannot be fetched (${response.status})`)
  return bytes
}
