/** The console as it is built: flat files, what is loaded at once within the budget, and no word of the machine that made them. */
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, it } from 'vitest'
import { consoleAppFiles } from '../../../infra/bundle/console-app.ts'

/** What a browser loads before it shows anything, compressed as `functions/http/app.ts` does it. */
const budgetBytes = 200_000

let files: Readonly<Record<string, string>>
beforeAll(async () => {
  files = (await consoleAppFiles()).files
})

const compressed = (name: string) => gzipSync(files[name] ?? '', { level: 4 }).length

/** The files that the page names, and so loads at once. */
function atOnce(): string[] {
  return [...(files['index.html'] ?? '').matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name ?? '')
}

it('loads at most 200 KB at once', () => {
  const sizes = atOnce().map((name) => [name, compressed(name)] as const)
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, compressed('index.html'))
  console.info(`the console loads ${total} bytes at once, gzipped: ${sizes.map((each) => each.join(' ')).join(', ')}`)
  expect(total).toBeLessThanOrEqual(budgetBytes)
})

it('names files that are there: a script, a style sheet, and every chunk that a named script imports by statement', () => {
  const named = atOnce()
  for (const name of named) expect(Object.keys(files)).toContain(name)
  expect(named.filter((name) => /^console-[A-Z0-9]{8}\.(js|css)$/.test(name))).toHaveLength(2)
  for (const name of named.filter((each) => each.endsWith('.js')))
    for (const [, chunk] of (files[name] ?? '').matchAll(/(?:from|import)"\.\/([^"]+)"/g))
      expect(named).toContain(chunk)
})

it('is flat, and has the hash of its content in every name that a page names', () => {
  for (const name of Object.keys(files))
    expect(name).toMatch(/^(index\.html|icon\.svg|[a-z][A-Za-z-]*-[A-Z0-9]{8}\.(js|css))$/)
})

it('is the same each time, and has nothing of the machine that made it, nor a script or style in the page', async () => {
  expect((await consoleAppFiles()).files).toEqual(files)
  for (const text of Object.values(files)) expect(text).not.toContain(process.cwd())
  expect(files['index.html']).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/)
})

it('has the banner’s styles in a script, which previews it, and in no style sheet that would reach the console’s own controls', () => {
  const withBanner = Object.entries(files).filter(
    ([, text]) => text.includes('--consent-banner-height') || text.includes('.banner>'),
  )
  expect(withBanner.map(([name]) => name.split('.').at(-1))).not.toContain('css')
  expect(
    Object.entries(files).filter(([name, text]) => name.endsWith('.js') && text.includes('.banner{')),
  ).toHaveLength(1)
})
