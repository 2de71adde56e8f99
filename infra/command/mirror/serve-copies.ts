/**
 * Serves the copies in a folder at the paths and with the headers of the ledger that they are from, so that everything that reads a log reads
 * a copy. Each request reads the files as they are, so a mirror that goes on meanwhile is served at once. TLS is left to a proxy in front.
 *
 *   GET /                                    the controllers whose logs are here, as the ledger's front page has them for programs
 *   GET /log/{controller}/checkpoint         the copy's checkpoint
 *   GET /log/{controller}/checkpoints        older ones, where the source listed them
 *   GET /log/{controller}/policy             the keys that the copy is verified with
 *   GET /log/{controller}/tile/{tile+}       a tile or, where they are served, an entry bundle; a narrower one is cut from what is there
 */
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { parseTilePath } from '../../../shared/tlog/tile.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { type LogSource, SourceError } from '../../../shared/verify/log-source.ts'
import { directoryLog } from '../directory-log.ts'
import { isLoopbackHost, type ListenAddress, urlHost } from '../listen-option.ts'

export interface ServeOptions extends ListenAddress {
  /** Who gets entry bundles. `this-machine`: requests whose Host is this machine's, so that no page can reach them by a name of its own. */
  readonly entriesFor: 'anyone' | 'this-machine' | 'nobody'
  onFault?(error: unknown): void
}

export interface ServedCopies {
  readonly url: string
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

const requestMs = 10_000
const maxConnections = 256
const note = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=1' }
const json = { 'content-type': 'application/json', 'cache-control': 'no-store' }
const immutable = { 'content-type': 'application/octet-stream', 'cache-control': 'public, max-age=31536000, immutable' }
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
/** Names are those that the mirror makes, so no path leads out of the folder. */
const resource = /^\/((?:[A-Za-z0-9_~-][\w.~-]*\/)*?)(checkpoint|checkpoints|policy|tile\/(?:entries|\d{1,2})\/.+)$/

export async function serveCopies(directory: string, options: ServeOptions): Promise<ServedCopies> {
  const server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs }, (request, response) => {
    answer(request, directory, options).then(
      (given) => send(response, given),
      (error: unknown) => {
        options.onFault?.(error)
        send(response, { status: 500 })
      },
    )
  })
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => resolve())
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${urlHost(options.host)}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function answer(request: IncomingMessage, directory: string, { entriesFor }: ServeOptions): Promise<Answer> {
  // As it stands: dots and escapes are resolved by nothing, and match nothing.
  const [pathname = '', query] = (request.url ?? '').split('?')
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' } }
  if (pathname === '/') return { status: 200, headers: json, body: await front(directory) }
  const [, folder = '', wanted = ''] = resource.exec(pathname) ?? []
  if (wanted === '') return { status: 404 }
  const root = join(directory, folder)
  try {
    if (wanted === 'policy') return { status: 200, headers: note, body: await readFile(join(root, 'policy')) }
    const log = await directoryLog(root)
    if (wanted === 'checkpoint') return { status: 200, headers: note, body: await log.checkpoint() }
    if (wanted === 'checkpoints') return await checkpoints(log, new URLSearchParams(query).get('after'))
    const isHere = isLoopbackHost((request.headers.host ?? '').replace(/:\d+$/, ''))
    return await tileOf(log, wanted, entriesFor === 'anyone' || (entriesFor === 'this-machine' && isHere))
  } catch (error) {
    const isAbsent = error instanceof SourceError && error.code === 'absent'
    if (
      isAbsent ||
      error instanceof TlogError ||
      (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    )
      return { status: 404 }
    throw error
  }
}

async function front(directory: string): Promise<string> {
  const names = await readdir(join(directory, 'log')).catch(() => [])
  return JSON.stringify({ name: 'consent-ledger mirror', controllers: names.map((controller) => ({ controller })) })
}

async function checkpoints(log: LogSource, given: string | null): Promise<Answer> {
  const after = Number(given ?? -1)
  if (!Number.isSafeInteger(after) || after < -1) return { status: 400 }
  const page = await log.checkpoints?.(after)
  return page === undefined ? { status: 404 } : { status: 200, headers: json, body: JSON.stringify(page) }
}

async function tileOf(log: LogSource, path: string, hasEntries: boolean): Promise<Answer> {
  const named = parseTilePath(path)
  if (named.kind === 'bundle' && !hasEntries) return { status: 403 }
  const body = named.kind === 'tile' ? await log.tile(named.tile) : await log.bundle(named)
  return { status: 200, headers: immutable, body }
}

function send(response: ServerResponse, { status, headers, body = '' }: Answer): void {
  response.writeHead(status, { ...always, ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
