/** Sixty strangers with 9 MB each, against the process that `npm start` runs: they are refused, and its memory is as before. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memoryOf } from '../bench/processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const strangers = 60
const bodyBytes = 9 * 2 ** 20

let folder: string
let server: ChildProcess
let url: URL
let key: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-bodies-'))
  server = spawn(process.execPath, ['infra/start.mjs', '--port', '0', '--data', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((ready, fail) => {
    server.stdout?.on('data', (chunk) => {
      if (String(chunk).includes('Ctrl-C stops it.')) ready()
    })
    server.once('exit', () => fail(new Error('the server ended')))
  })
  const demo = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'))
  url = new URL(demo.url)
  key = demo.sites['ljungsten/web']
})
afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await ended
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Sends all of the body that the server takes, and returns what it answered. */
function post(headers: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname).setEncoding('latin1')
  const isChunked = headers.includes('chunked')
  socket.write(
    `POST /v1/events?key=${key} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/plain\r\n${headers}\r\n\r\n`,
  )
  const part = Buffer.alloc(256 * 1024, ' ')
  for (let sent = 0; sent < bodyBytes; sent += part.length) {
    if (isChunked) socket.write(`${part.length.toString(16)}\r\n`)
    socket.write(part)
    if (isChunked) socket.write('\r\n')
  }
  if (isChunked) socket.write('0\r\n\r\n')
  return new Promise((resolve) => {
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

test.each([
  ['declared', `content-length: ${bodyBytes}`],
  ['in chunks', 'transfer-encoding: chunked'],
])('large bodies, %s, are refused readably and leave no memory behind', async (_, headers) => {
  const residentMB = () => memoryOf([server.pid ?? 0]).residentMB
  await post(headers)
  const before = residentMB()
  const answers = await Promise.all(Array.from({ length: strangers }, () => post(headers)))
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(answer).toContain('"code":"body-too-large"')
  }
  // Held in memory they would be 540 MB.
  expect(residentMB() - before).toBeLessThan(150)
})
