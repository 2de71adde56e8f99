import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyFileKeyring, readOrMake } from '../../../../infra/local/data/key-files.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the keyring in a file', () => {
  it('unwraps after a restart what it wrapped before, for the same controller only', async () => {
    const path = join(folder, 'keys', 'keyring.key')
    const secret = randomBytes(96)
    const wrapped = await (await keyFileKeyring(path, randomBytes)).wrap('acme', secret)
    const reopened = await keyFileKeyring(path, randomBytes)
    expect(Buffer.from(await reopened.unwrap('acme', wrapped))).toEqual(secret)
    await expect(reopened.unwrap('other', wrapped)).rejects.toThrow()
    expect(Buffer.from(wrapped).includes(secret)).toBe(false)
  })

  it('is readable by its owner only, and is never replaced', async () => {
    const path = join(folder, 'own', 'a.key')
    const [one, two] = await Promise.all([
      readOrMake(path, () => Buffer.from('one')),
      readOrMake(path, () => Buffer.from('two')),
    ])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'own'))).mode & 0o777).toBe(0o700)
    expect(one.toString()).toBe(two.toString())
    expect(await readFile(path, 'utf8')).toBe(one.toString())
  })
})
