/** The formats that the code names are in CHANGELOG.md, which says what reads them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
const code = ['shared', 'functions', 'infra']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((f) => [folder, f]))
  .filter(([, file = '']) => file.endsWith('.ts'))
  .map(([folder = '', file = '']) => readFileSync(join(root, folder, file), 'utf8'))
  .join('\n')

const found = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].map(([, name = '']) => name))].sort()
const missing = (names: readonly string[]) => names.filter((name) => !changelog.includes(`\`${name}\``))

it('names every format with a version', () => {
  const names = [
    ...found(/['"`/ ]((?:consent|tlog)-[a-z0-9-]+@v?\d+)/g),
    ...found(/['"`]([a-z]+(?:-[a-z]+)*\+jwt)['"`]/g),
    ...found(/['"`]([a-z][a-z0-9-]*-v\d+)\b/g),
    ...found(/['"`](cosignature\/v\d+|consent-ledger\/v\d+)/g),
  ]
  expect(names.length).toBeGreaterThan(12)
  expect(missing(names)).toEqual([])
})

it('names every kind of leaf', () => {
  const kinds = found(/"kind":"([a-z-]+)"/g)
  expect(kinds.length).toBeGreaterThan(6)
  expect(missing([...kinds, 'read', 'act'])).toEqual([])
})
