/** A text of the repository refers only to documents that its reader has: files of the repository, and published standards. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const folders = ['shared', 'functions', 'infra', 'test', '.github', '.ci']
const isText = /(\.(ts|tsx|mjs|js|json|md|css|html|ya?ml|sh)|\/run)$/
// The texts of invented companies have sections of their own. This file holds the patterns.
const exempt = /node_modules|^infra\/demo\/|^test\/browser\/published-policies\/|^test\/mentions\.test\.ts$/

const inFolders = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
)
const atRoot = readdirSync(root).filter((name) => name !== 'package-lock.json')
const everything = [...atRoot, ...inFolders]
const texts = everything.filter((path) => isText.test(path) && !exempt.test(path))

const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'a design document',
    /\bDESIGN\b|\b(the|this|our) design(’s|'s)?\b|\bdesign (document|section)\b|\bplan of record\b/,
  ],
  // A section of a standard or of an act is named with it.
  [
    'a section of a plan',
    /(?<!(RFC \d+|rfc\d+|chapter \d+|(Core|Discovery) 1\.0|\bact \([\d:]+\))[,(]? *\(?)\b[Ss]ections? \d(?![\d.]* of (RFC|OpenID))/,
  ],
  ['an issue', /\b[Ii]ssues? #?\d|(?<=\s|\()#\d{1,3}\b(?!;)/],
  ['research', /\bresearch\//],
  ['a path of one machine', /(?<![\w.])\/(work|home\/\w+)\//],
]

it.each(patterns)('no text mentions %s', (_, pattern) => {
  const found = texts.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})

it('each Markdown file that a comment or a README names is in the repository', () => {
  const missing = texts.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const prose = path.endsWith('.md') ? [text] : (text.match(/\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm) ?? [])
    const names = prose.flatMap((part) => part.replace(/https?:\S+/g, '').match(/[\w./-]*\w\.md\b/g) ?? [])
    return names
      .map((name) => name.replace(/^(\.\.?\/)+/, ''))
      .filter((name) => !everything.some((file) => file === name || file.endsWith(`/${name}`)))
      .map((name) => `${path}: ${name}`)
  })
  expect(missing).toEqual([])
})
