import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { directoryObjects } from '../../infra/local/directory-objects.ts'
import { memoryObjects } from '../support/memory-ledger.ts'
import { objectsContract } from './objects.ts'

const folders: string[] = []
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'objects-'))
  folders.push(path)
  return path
}
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))))

objectsContract('memory', async () => memoryObjects())
objectsContract('a directory', async () => directoryObjects(await folder()))

it('leaves nothing but whole objects in its directory', async () => {
  const path = await folder()
  const objects = directoryObjects(path)
  await Promise.allSettled(Array.from({ length: 8 }, (_, i) => objects.put('texts/x', Buffer.from(String(i)))))
  expect(await readdir(join(path, 'texts'))).toEqual(['x'])
})

it.each(['../secret', 'texts/../../secret', '/etc/passwd', 'texts//x', 'texts/', 'texts', 'texts/.hidden'])(
  'refuses the name %s',
  async (name) => {
    const objects = directoryObjects(await folder())
    await expect(async () => objects.put(name, Buffer.of(1))).rejects.toThrow('name of an object')
    await expect(async () => objects.get(name)).rejects.toThrow('name of an object')
  },
)
