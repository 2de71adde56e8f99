import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createS3Client, s3Objects } from '../../functions/aws/s3-objects.ts'
import { directoryObjects } from '../../infra/local/data/directory-objects.ts'
import type { Objects } from '../../shared/ledger/store.ts'
import { memoryObjects } from '../support/memory-ledger.ts'
import { type S3Double, startS3Double } from '../support/s3-double.ts'
import { objectNamesContract, objectsContract } from './objects.ts'

const folders: string[] = []
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'objects-'))
  folders.push(path)
  return path
}
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))))

objectsContract('memory', async () => memoryObjects())
objectNamesContract('memory', async () => memoryObjects())
objectsContract('a directory', async () => directoryObjects(await folder()))
objectNamesContract('a directory', async () => directoryObjects(await folder()))

describe('S3', () => {
  let double: S3Double
  let client: ReturnType<typeof createS3Client>
  beforeAll(async () => {
    double = await startS3Double()
    client = createS3Client({ region: 'eu-north-1', endpoint: double.endpoint })
  })
  afterAll(async () => {
    client.destroy()
    await double.stop()
  })

  async function empty(): Promise<Objects> {
    for (const held of double.buckets.values()) held.clear()
    return s3Objects(client, double.names)
  }
  objectsContract('S3, by a double of its protocol', empty)
  objectNamesContract('S3, by a double of its protocol', empty)
})

describe('a directory of objects', () => {
  it('holds nothing but whole objects', async () => {
    const path = await folder()
    const objects = directoryObjects(path)
    await Promise.allSettled(Array.from({ length: 8 }, (_, i) => objects.put('texts/x', Buffer.from(String(i)))))
    await Promise.all(Array.from({ length: 8 }, (_, i) => objects.replaceServed('served/x', Buffer.of(i), undefined)))
    expect(await readdir(join(path, 'texts'))).toEqual(['x'])
    expect(await readdir(join(path, 'served'))).toEqual(['x'])
  })

  it('lists by what is whole: not by files and folders that a crash left', async () => {
    const path = await folder()
    await mkdir(join(path, 'log/acme/checkpoints/000/111'), { recursive: true })
    await mkdir(join(path, 'log/acme/checkpoints/001'))
    await writeFile(join(path, 'log/acme/checkpoints/001/.tmp-5a'), 'half')
    await writeFile(join(path, 'log/acme/checkpoints/.tmp-00'), 'half')
    const objects = directoryObjects(path)
    expect(await objects.first('log/acme/checkpoints/')).toBeUndefined()
    await objects.put('log/acme/checkpoints/999/x', Buffer.of(1))
    expect(await objects.first('log/acme/checkpoints/')).toBe('log/acme/checkpoints/999/x')
  })

  it('keeps a served copy through a restart, with the tag it had', async () => {
    const path = await folder()
    await directoryObjects(path).replaceServed('served/acme/checkpoint', Buffer.from('one'), undefined)
    const restarted = directoryObjects(path)
    const tag = (await restarted.readServed('served/acme/checkpoint'))?.tag
    expect(await restarted.replaceServed('served/acme/checkpoint', Buffer.from('two'), tag)).toBe(true)
  })

  it('goes on replacing after a replacement that failed, also when it waited for that one', async () => {
    const objects = directoryObjects(await folder())
    const unreadable = Object.defineProperty(Buffer.of(1), 'byteLength', {
      get() {
        throw new Error('cannot be read')
      },
    })
    const outcomes = await Promise.allSettled([
      objects.replaceServed('served/x', unreadable, undefined),
      objects.replaceServed('served/x', Buffer.of(2), undefined),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect((await objects.readServed('served/x'))?.bytes).toEqual(Buffer.of(2))
  })
})
