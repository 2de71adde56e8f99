/** The files of the checkpoint keys: each state of a replacement, also after a crash between its steps, and one replacement after another. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  addCheckpointKey,
  openCheckpointKeys,
  retireCheckpointKeys,
} from '../../../../infra/local/data/checkpoint-keys.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

const publicKeys = async () => {
  const { checkpointSigner, earlierCheckpointKeys = [] } = await openCheckpointKeys(folder)
  return [checkpointSigner, ...earlierCheckpointKeys].map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))
}
const signing = async () => ((await openCheckpointKeys(folder)).earlierCheckpointKeys ?? []).map((key) => 'sign' in key)

it('one key takes the place of another, twice, and none is forgotten', async () => {
  const [first] = await publicKeys()
  expect(await signing()).toEqual([])
  expect([await addCheckpointKey(folder), await addCheckpointKey(folder)]).toEqual([2, 2])
  const [second] = await publicKeys()
  expect([await publicKeys(), await signing()]).toEqual([[second, first], [true]])
  expect([await retireCheckpointKeys(folder), await retireCheckpointKeys(folder)]).toEqual([1, 0])
  expect([await publicKeys(), await signing()]).toEqual([[second, first], [false]])
  expect(await addCheckpointKey(folder)).toBe(3)
  const [third] = await publicKeys()
  expect([await publicKeys(), await signing()]).toEqual([
    [third, second, first],
    [true, false],
  ])
  expect(await retireCheckpointKeys(folder)).toBe(1)
  expect([await publicKeys(), await signing()]).toEqual([
    [third, second, first],
    [false, false],
  ])
  expect((await readdir(folder)).sort()).toEqual(['checkpoint-2.pub', 'checkpoint-3.key', 'checkpoint.pub'])
})

it('a key whose public half is kept is retired, although a crash left its private half; the next run deletes that', async () => {
  await publicKeys()
  const left = await readFile(join(folder, 'checkpoint.key'))
  await addCheckpointKey(folder)
  const before = await publicKeys()
  await retireCheckpointKeys(folder)
  await writeFile(join(folder, 'checkpoint.key'), left)
  expect([await publicKeys(), await signing()]).toEqual([before, [false]])
  await retireCheckpointKeys(folder)
  expect(existsSync(join(folder, 'checkpoint.key'))).toBe(false)
})

it('no ledger is opened whose newest key is retired', async () => {
  await publicKeys()
  await addCheckpointKey(folder)
  await retireCheckpointKeys(folder)
  await rm(join(folder, 'checkpoint-2.key'))
  await expect(openCheckpointKeys(folder)).rejects.toThrow('the newest checkpoint key')
})
