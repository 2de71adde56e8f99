/** Uploads of clients that send their body only when they are asked for it, as curl does from a megabyte on: `Expect: 100-continue`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { directoryFiles } from '../../../../infra/local/files/directory-files.ts'
import { fileUrls } from '../../../../infra/local/files/file-urls.ts'
import { streamedFiles } from '../../../../infra/local/files/serve-files.ts'
import type { Gateway } from '../../../../infra/local/gateway/options.ts'
import type { TransferFiles } from '../../../../shared/ledger/transfers/transfer-files.ts'
import { echo, endGateways, raw, start } from '../../../support/raw-gateway.ts'

const name = 'imports/acme/0191/uploads/1'
let root: string
let files: TransferFiles
let gateway: Gateway
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'awaited-'))
  const urls = fileUrls(() => gateway.url, Date.now)
  files = directoryFiles(root, urls)
  gateway = await start(echo, { streamed: streamedFiles(root, files, urls) })
})
afterEach(async () => {
  await endGateways()
  await rm(root, { recursive: true })
})

async function put(url: string, bytes: number) {
  const { pathname, search, host } = new URL(url)
  const head = [
    `PUT ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    `Content-Length: ${bytes}`,
    'Expect: 100-continue',
  ]
  return raw(gateway, `${head.join('\r\n')}\r\n\r\n`)
}

it('an upload is asked for, and stored', async () => {
  const { url } = await files.uploadUrl(name, 5)
  const { until, socket } = await put(url, 5)
  await until('HTTP/1.1 100 Continue\r\n\r\n')
  expect(await files.size(name)).toBeUndefined()
  socket.write('hello')
  await until('HTTP/1.1 200 OK')
  expect(await files.size(name)).toBe(5)
})

it('an upload that is refused is not asked for', async () => {
  const { url } = await files.uploadUrl(name, 5)
  const tooLong = await (await put(url, 6)).ended
  const changed = await (await put(url.replace('/1?', '/2?'), 5)).ended
  expect([tooLong, changed].map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 413', 'HTTP/1.1 403'])
})
