/** A build is kept as long as nothing has changed, and made anew after any change of what it is made of or of what it made. */
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keptBuild } from '../../../infra/bundle/kept-build.ts'

let root: string
let dist: string
let builds: number
/** What happens while the build runs. */
let meanwhile: () => Promise<unknown>

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kept-build-'))
  dist = join(root, 'dist')
  builds = 0
  meanwhile = async () => undefined
  await mkdir(join(root, 'sources', 'deep'), { recursive: true })
  await Promise.all([write('sources/a.ts', 'a'), write('sources/deep/b.ts', 'b'), write('lock.json', '1')])
})
afterEach(() => rm(root, { recursive: true, force: true }))

const write = (path: string, text: string) => writeFile(join(root, path), text)
const read = (path: string) => readFile(join(root, path), 'utf8')

function built(): Promise<{ readonly madeOf: string }> {
  return keptBuild({
    ...{ root, dist, inputs: ['sources', 'lock.json'], outputs: ['code', 'maps'], record: 'code.json' },
    async make() {
      builds++
      const madeOf = await read('sources/a.ts')
      await meanwhile()
      return { files: { code: { 'one/index.mjs': madeOf }, maps: { 'one/index.mjs.map': '{}' } }, report: { madeOf } }
    },
  })
}

it('is kept where nothing has changed, with what was known about it', async () => {
  expect(await built()).toEqual({ madeOf: 'a' })
  expect(await built()).toEqual({ madeOf: 'a' })
  await utimes(join(root, 'sources/a.ts'), 1, 1)
  await built()
  expect(builds).toBe(1)
  expect((await readdir(dist)).sort()).toEqual(['code', 'code.json', 'maps'])
})

it.each([
  ['a source has changed', () => write('sources/a.ts', 'A')],
  ['a source has changed in a folder', () => write('sources/deep/b.ts', 'B')],
  ['there is a new source', () => write('sources/deep/c.ts', '')],
  ['a source is gone', () => rm(join(root, 'sources/deep/b.ts'))],
  ['other packages are installed', () => write('lock.json', '2')],
  ['no packages are known', () => rm(join(root, 'lock.json'))],
  ['a file that it made was changed', () => write('dist/code/one/index.mjs', 'b')],
  ['a file that it made is gone', () => rm(join(dist, 'maps/one/index.mjs.map'))],
  ['there is a file that it did not make', () => write('dist/code/one/chunk.mjs', '')],
  ['its record is no record', () => write('dist/code.json', '{')],
])('is made anew after %s', async (_what, change) => {
  await built()
  await change()
  const { madeOf } = await built()
  expect(builds).toBe(2)
  expect(await read('dist/code/one/index.mjs')).toBe(madeOf)
  expect(madeOf).toBe(await read('sources/a.ts'))
  expect(await readdir(join(dist, 'code/one'))).toEqual(['index.mjs'])
  await built()
  expect(builds).toBe(2)
})

it('is not kept when a source changed while it was made', async () => {
  meanwhile = () => write('sources/a.ts', 'A')
  await built()
  meanwhile = async () => undefined
  await write('sources/a.ts', 'a')
  expect(await built()).toEqual({ madeOf: 'a' })
  expect(builds).toBe(2)
})

it('is whole after builds at the same time', async () => {
  await Promise.all([built(), built()])
  expect(await built()).toEqual({ madeOf: 'a' })
  expect(await read('dist/code/one/index.mjs')).toBe('a')
})
