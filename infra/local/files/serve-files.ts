/**
 * Uploads and downloads of files at the URLs of `file-urls.ts`, streamed: no handler sees the bytes, and the limits that the gateway has for
 * bodies do not apply. An upload must declare its length, which the URL fixes. A download understands one range (RFC 9110, section 14).
 * On AWS S3 does this. A page of any origin may call, because the URL is the credential; there are no cookies.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { TransferFiles } from '../../../shared/ledger/transfers/transfer-files.ts'
import { type FileUrls, filesPath } from './file-urls.ts'

export interface StreamedFiles {
  /** Whether the path is one of these. */
  takes(path: string): boolean
  /**
   * Resolves when the answer is written, or the connection broke.
   *
   * @param isAwaited the client waits for a 100 before it sends the body (RFC 9110, section 10.1.1)
   */
  serve(request: IncomingMessage, response: ServerResponse, isAwaited: boolean): Promise<void>
}

/** How long a client may pause within a body. */
const pauseMs = 60_000

export function streamedFiles(root: string, files: TransferFiles, urls: FileUrls): StreamedFiles {
  async function serve(request: IncomingMessage, response: ServerResponse, isAwaited: boolean): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'OPTIONS') return preflight(response)
    const permitted = urls.permitted(request.method ?? '', pathname, searchParams)
    if (permitted === undefined) return refuse(request, response, 403, 'This URL permits nothing, or has expired')
    endWhenIdle(request, response)
    if (permitted.method === 'GET') return download(permitted.name, request, response)
    const { bytes = 0 } = permitted
    const declared = Number(request.headers['content-length'])
    if (declared !== bytes) return refuse(request, response, 413, `Content-Length must be ${bytes}`)
    if (isAwaited) response.writeContinue()
    await files.write(permitted.name, request)
    response.writeHead(200, { ...always, 'content-length': 0 }).end()
  }

  async function download(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = join(root, name)
    const size = (await stat(path).catch(() => undefined))?.size
    if (size === undefined) return refuse(request, response, 404, 'There is no such file; it may have expired')
    const range = rangeIn(request.headers.range, size)
    if (range === undefined)
      return refuse(request, response, 416, `The file has ${size} bytes`, { 'content-range': `bytes */${size}` })
    const headers = {
      ...always,
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${basename(name)}"`,
      'accept-ranges': 'bytes',
      'content-length': range.end - range.start,
      ...(range.isPart && { 'content-range': `bytes ${range.start}-${range.end - 1}/${size}` }),
    }
    response.writeHead(range.isPart ? 206 : 200, headers)
    if (request.method === 'HEAD' || range.end === range.start) return void response.end()
    await pipeline(createReadStream(path, { start: range.start, end: range.end - 1 }), response)
  }

  return {
    takes: (path) => path.startsWith(filesPath),
    serve: (request, response, isAwaited) =>
      serve(request, response, isAwaited).catch(() => {
        if (response.headersSent) response.destroy()
        else refuse(request, response, 500, 'The file could not be written or read')
      }),
  }
}

function endWhenIdle({ socket }: IncomingMessage, response: ServerResponse): void {
  const end = () => socket.destroy()
  socket.setTimeout(pauseMs).once('timeout', end)
  response.once('close', () => socket.setTimeout(0).off('timeout', end))
}

const always: OutgoingHttpHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'",
  'access-control-allow-origin': '*',
}

function preflight(response: ServerResponse): void {
  const allowed = { 'access-control-allow-methods': 'GET, PUT', 'access-control-allow-headers': 'content-type, range' }
  response.writeHead(204, { ...always, ...allowed }).end()
}

/** The connection ends with a refusal, because the body is not read. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  detail: string,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = JSON.stringify({ title: detail, status })
  const type = { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...always, ...headers, ...type, connection: 'close' })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** `undefined`: a range that the file does not have. A header of another form, or of several ranges, asks for the whole file. */
function rangeIn(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number; readonly isPart: boolean } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return { start: 0, end: size, isPart: false }
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  return start < end ? { start, end, isPart: true } : undefined
}
