import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { replaceFiles } from '../../../infra/bundle/replace-files.ts'

let folder: string
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'replaced-')), 'files')
})
afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }))

it('leaves the files that were given, and nothing else', async () => {
  await replaceFiles(folder, { 'a.js': 'one', 'old.js': 'one' })
  await replaceFiles(folder, { 'a.js': 'two', 'new.js': 'two' })
  expect((await readdir(folder)).sort()).toEqual(['a.js', 'new.js'])
  expect(await readFile(join(folder, 'a.js'), 'utf8')).toBe('two')
  expect(await readdir(join(folder, '..'))).toEqual(['files'])
})

it('gives a reader the file before or the file after, whole', async () => {
  const texts = ['a', 'b'].map((letter) => letter.repeat(1_000_000))
  await replaceFiles(folder, { 'a.js': texts[0] ?? '' })
  let isReplacing = true
  const replacing = (async () => {
    for (let i = 0; i < 40; i++) await replaceFiles(folder, { 'a.js': texts[i % 2] ?? '' })
    isReplacing = false
  })()
  while (isReplacing) expect(texts.includes(await readFile(join(folder, 'a.js'), 'utf8'))).toBe(true)
  await replacing
})
