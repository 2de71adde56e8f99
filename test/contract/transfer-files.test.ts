import { createHash, createHmac } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createS3Client } from '../../functions/aws/s3-objects.ts'
import { s3TransferFiles } from '../../functions/aws/s3-transfer-files.ts'
import { directoryFiles, removeExpiredFiles } from '../../infra/local/files/directory-files.ts'
import { fileUrls } from '../../infra/local/files/file-urls.ts'
import { streamedFiles } from '../../infra/local/files/serve-files.ts'
import type { TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'
import { type S3Double, startS3Double } from '../support/s3-double.ts'
import { transferFilesContract } from './transfer-files.ts'

const closing: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

async function directory() {
  const root = await mkdtemp(join(tmpdir(), 'files-'))
  closing.push(() => rm(root, { recursive: true }))
  let url = ''
  let agoMs = 0
  const urls = fileUrls(
    () => url,
    () => Date.now() - agoMs,
  )
  const files = directoryFiles(root, urls)
  const streamed = streamedFiles(root, files, urls)
  const server = createServer((request, response) => void streamed.serve(request, response, false))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const earlier: TransferFiles = {
    ...files,
    async uploadUrl(name, bytes) {
      agoMs = 7_200_000
      const signed = await files.uploadUrl(name, bytes)
      agoMs = 0
      return signed
    },
  }
  return { root, files, earlier }
}

transferFilesContract('a folder', directory)

describe('a folder of files', () => {
  it('gives no URL that another method, name, length or MAC may use', async () => {
    const { files } = await directory()
    await files.write('imports/acme/a/1', (async function* () {})())
    const { url } = await files.uploadUrl('imports/acme/a/1', 5)
    const tried = [
      fetch(url),
      fetch(url.replace('/a/1', '/a/2'), { method: 'PUT', body: 'hello' }),
      fetch(url.replace('bytes=5', 'bytes=6'), { method: 'PUT', body: 'hello!' }),
      fetch(url.replace(/mac=.{4}/, 'mac=AAAA'), { method: 'PUT', body: 'hello' }),
      fetch(url.replace(/until=\d/, 'until=9'), { method: 'PUT', body: 'hello' }),
      fetch(url.split('?')[0] ?? '', { method: 'PUT', body: 'hello' }),
    ]
    expect((await Promise.all(tried)).map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403])
    const short = await fetch(url, { method: 'PUT', body: 'hell' })
    expect([short.status, await short.json()]).toEqual([413, { title: 'Content-Length must be 5', status: 413 }])
    expect(await files.size('imports/acme/a/1')).toBe(0)
  })

  it('answers a range that it does not have with the size, and a page of any origin', async () => {
    const { files } = await directory()
    await files.write(
      'imports/acme/a/1',
      (async function* () {
        yield Buffer.from('hello')
      })(),
    )
    const { url } = await files.downloadUrl('imports/acme/a/1')
    const beyond = await fetch(url, { headers: { range: 'bytes=5-' } })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */5'])
    const last = await fetch(url, { headers: { range: 'bytes=-2' } })
    expect([last.status, await last.text(), last.headers.get('access-control-allow-origin')]).toEqual([206, 'lo', '*'])
    expect((await fetch(url, { method: 'OPTIONS' })).headers.get('access-control-allow-methods')).toBe('GET, PUT')
    await files.remove('imports/acme/a/1')
    expect((await fetch(url)).status).toBe(404)
  })

  it('loses what is old, with its folders, and keeps what is new', async () => {
    const { root, files } = await directory()
    await files.write('imports/acme/old/1', (async function* () {})())
    await files.write('imports/acme/new/1', (async function* () {})())
    const fifteenDaysAgo = Date.now() / 1000 - 15 * 86_400
    await utimes(join(root, 'imports/acme/old/1'), fifteenDaysAgo, fifteenDaysAgo)
    await removeExpiredFiles(root, Date.now())
    expect(await readdir(join(root, 'imports/acme'))).toEqual(['new'])
    expect((await files.list('imports/')).map(({ name }) => name)).toEqual(['imports/acme/new/1'])
  })
})

describe('S3', () => {
  let double: S3Double
  let client: ReturnType<typeof createS3Client>
  const region = 'eu-north-1'
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }
  beforeAll(async () => {
    double = await startS3Double()
    client = createS3Client({ region, endpoint: double.endpoint, credentials })
  })
  beforeEach(() => {
    double.files.stored.clear()
    double.decide = () => undefined
  })
  afterAll(async () => {
    client.destroy()
    await double.stop()
  })

  const make = async () => {
    const options = { region, bucket: `${double.bucket}-files`, endpoint: double.endpoint }
    const earlier = s3TransferFiles(client, { ...options, now: () => Date.now() - 7_200_000 })
    return { files: s3TransferFiles(client, options), earlier }
  }
  transferFilesContract('S3, by a double of its protocol', make)

  it('leaves no parts of a file that broke off', async () => {
    const { files } = await make()
    const broken = async function* () {
      yield Buffer.alloc(20 * 1024 * 1024)
      throw new Error('broken')
    }
    await expect(files.write('exports/acme/a/1', broken())).rejects.toThrow('broken')
    expect(double.seen.at(-1)?.operation).toBe('AbortMultipartUpload')
    expect([...double.files.uploads]).toEqual([])
  })

  it('tries a part again, and a range', async () => {
    const { files } = await make()
    double.decide = ({ operation, query, earlier }) =>
      (operation === 'UploadPart' && query.get('partNumber') === '2' && earlier < 2) ||
      (operation === 'GetObject' && earlier === 0)
        ? { fault: 'refuse', status: 503, code: 'SlowDown' }
        : undefined
    const bytes = Buffer.alloc(9 * 1024 * 1024, 3)
    const once = async function* () {
      yield bytes
    }
    expect(await files.write('exports/acme/a/1', once())).toBe(bytes.length)
    let read = 0
    for await (const chunk of files.read('exports/acme/a/1')) read += chunk.length
    expect(read).toBe(bytes.length)
  })

  it('presigns as AWS documents it: the signature is recomputed here from the URL', async () => {
    const { files } = await make()
    const { url } = await files.uploadUrl('imports/acme/a/1', 5)
    const { host, pathname, searchParams } = new URL(url)
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host')
    const signature = searchParams.get('X-Amz-Signature')
    searchParams.delete('X-Amz-Signature')
    const encode = (text: string) =>
      encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    const query = [...searchParams]
      .map(([k, v]) => `${encode(k)}=${encode(v)}`)
      .sort()
      .join('&')
    const canonical = [
      'PUT',
      pathname,
      query,
      `content-length:5\nhost:${host}\n`,
      'content-length;host',
      'UNSIGNED-PAYLOAD',
    ].join('\n')
    const date = searchParams.get('X-Amz-Date') ?? ''
    const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`
    const toSign = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
    const key = scope
      .split('/')
      .reduce((k: string | Buffer, part) => createHmac('sha256', k).update(part).digest(), 'AWS4secret')
    expect(signature).toBe(createHmac('sha256', key).update(toSign).digest('hex'))
    expect(searchParams.get('X-Amz-Security-Token')).toBe('session')
  })
})
