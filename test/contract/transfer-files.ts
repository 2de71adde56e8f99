/** What every implementation of the `TransferFiles` port must do. `send` sends a request to a URL that it gave. */
import { describe, expect, it } from 'vitest'
import { ReplacedFile, type TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'

export interface FilesUnderTest {
  readonly files: TransferFiles
  /** The same files, two hours ago. */
  readonly earlier: TransferFiles
}

const name = 'imports/acme/0191/uploads/1'
const mib = 1024 * 1024

async function* chunksOf(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

export function transferFilesContract(kind: string, make: () => Promise<FilesUnderTest>): void {
  describe(`files of transfers in ${kind}`, () => {
    it('reads back what was written, from any offset, and replaces it', async () => {
      const { files } = await make()
      expect(await files.size(name)).toBeUndefined()
      expect(await files.write(name, chunksOf('abc', 'def'))).toBe(6)
      expect(await files.size(name)).toBe(6)
      expect((await bytesOf(files.read(name))).toString()).toBe('abcdef')
      expect((await bytesOf(files.read(name, 4))).toString()).toBe('ef')
      expect(await bytesOf(files.read(name, 6))).toHaveLength(0)
      expect(await files.write(name, chunksOf())).toBe(0)
      expect(await files.size(name)).toBe(0)
      expect(await bytesOf(files.read(name))).toHaveLength(0)
    })

    it('reads one content and no other, where it is told which', async () => {
      const { files } = await make()
      expect(await files.version(name)).toBeUndefined()
      await files.write(name, chunksOf('abcdef'))
      const version = await files.version(name)
      expect((await bytesOf(files.read(name, 2, version))).toString()).toBe('cdef')
      await files.write(name, chunksOf('ABCDEF'))
      expect(await files.version(name)).not.toBe(version)
      await expect(bytesOf(files.read(name, 2, version))).rejects.toBeInstanceOf(ReplacedFile)
      await files.remove(name)
      await expect(bytesOf(files.read(name, 2, version))).rejects.toMatchObject({ code: 'not-found' })
    })

    it('reads no file that is half one and half another', async () => {
      const { files } = await make()
      await files.write(name, chunksOf(Buffer.alloc(9 * mib, 1)))
      const read = files.read(name)
      await read.next()
      await files.write(name, chunksOf(Buffer.alloc(9 * mib, 2)))
      const rest = await bytesOf(read).catch((error: unknown) => error)
      if (rest instanceof Buffer) expect(rest.includes(2)).toBe(false)
      else expect(rest).toBeInstanceOf(ReplacedFile)
    })

    it('takes files of many parts, at their borders too', async () => {
      const { files } = await make()
      for (const size of [8 * mib, 8 * mib + 1, 17 * mib]) {
        const bytes = Buffer.alloc(size, 7)
        bytes[size - 1] = 1
        async function* slices() {
          for (let start = 0; start < size; start += 3 * mib) yield bytes.subarray(start, start + 3 * mib)
        }
        expect(await files.write(name, slices())).toBe(size)
        expect((await bytesOf(files.read(name))).equals(bytes)).toBe(true)
      }
    })

    it('stores nothing of what breaks off, and leaves what was there', async () => {
      const { files } = await make()
      await files.write(name, chunksOf('whole'))
      async function* broken() {
        yield Buffer.alloc(9 * mib)
        throw new Error('the connection broke')
      }
      await expect(files.write(name, broken())).rejects.toThrow('the connection broke')
      expect((await bytesOf(files.read(name))).toString()).toBe('whole')
      expect(await files.list('imports/acme/')).toEqual([{ name, bytes: 5 }])
    })

    it('lists by folder, and removes', async () => {
      const { files } = await make()
      await files.write('imports/acme/a/1', chunksOf('1'))
      await files.write('imports/acme/a/2', chunksOf('22'))
      await files.write('imports/acme/b/1', chunksOf('1'))
      await files.write('exports/acme/a/date=2026-01-01/1.json.gz', chunksOf('1'))
      expect(await files.list('imports/acme/a/')).toEqual([
        { name: 'imports/acme/a/1', bytes: 1 },
        { name: 'imports/acme/a/2', bytes: 2 },
      ])
      expect(await files.list('exports/')).toHaveLength(1)
      await files.remove('imports/acme/a/1')
      await files.remove('imports/acme/a/1')
      expect((await files.list('imports/')).map((file) => file.name)).toEqual(['imports/acme/a/2', 'imports/acme/b/1'])
      expect(await files.list('imports/nobody/')).toEqual([])
    })

    it('has nothing under a name that was not written, and refuses names that leave their place', async () => {
      const { files } = await make()
      await expect(bytesOf(files.read(name))).rejects.toMatchObject({ code: 'not-found' })
      const bad = ['../x', 'imports/acme/../../x', 'imports/a', 'objects/a/b/c', 'imports/a/b/.hidden', 'imports/a/b/']
      for (const each of bad) {
        await expect(files.write(each, chunksOf('x')), each).rejects.toMatchObject({ code: 'internal' })
        await expect(bytesOf(files.read(each)), each).rejects.toMatchObject({ code: 'internal' })
        await expect(files.downloadUrl(each), each).rejects.toMatchObject({ code: 'internal' })
      }
    })

    it('gives a URL for an upload of exactly that many bytes, and one for the download', async () => {
      const { files } = await make()
      const upload = await files.uploadUrl(name, 5)
      expect((await fetch(upload.url, { method: 'PUT', body: 'hello' })).status).toBe(200)
      const download = await files.downloadUrl(name)
      const answer = await fetch(download.url)
      expect([answer.status, await answer.text()]).toEqual([200, 'hello'])
      const part = await fetch(download.url, { headers: { range: 'bytes=1-3' } })
      expect([part.status, await part.text()]).toEqual([206, 'ell'])
      expect(Date.parse(upload.expiresAt)).toBeGreaterThan(0)
    })

    it('refuses a URL that has expired', async () => {
      const { files, earlier } = await make()
      const upload = await earlier.uploadUrl(name, 5)
      expect((await fetch(upload.url, { method: 'PUT', body: 'hello' })).status).toBe(403)
      expect(await files.size(name)).toBeUndefined()
    })
  })
}
