/** The words of the console: every page says the same in each language, with the same values. */
import { glob, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { expect, it } from 'vitest'
import { isWord } from '../../../functions/console/answer/named.ts'
import { formatsIn, wordsIn } from '../../../functions/console/shell/language.ts'

const folder = join(import.meta.dirname, '../../../functions/console')
const pages: string[] = []
for await (const page of glob('**/words-en.ts', { cwd: folder })) pages.push(page)

type Messages = Readonly<Record<string, string>>

async function messagesOf(page: string): Promise<{ english: Messages; swedish: Messages }> {
  const { english } = await import(join(folder, page))
  const { swedish } = await import(join(folder, page.replace('words-en', 'words-sv')))
  return { english, swedish }
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

const parse = (message: string) => new IntlMessageFormat(message, 'en').getAst()

/** Names of the values of a message, each with its kind: a plural in one language is no plain value in the other. */
function valuesOf(elements: readonly Element[]): string[] {
  return elements
    .flatMap((element) => {
      if (!('value' in element) || isLiteral(element)) return []
      const options = 'options' in element ? Object.entries(element.options) : []
      const cases = 'options' in element && !('offset' in element) ? options.map(([name]) => name).sort() : []
      const kind = [element.value, element.type, ...cases].join(' ')
      return [kind, ...options.flatMap(([, { value }]) => valuesOf(value))]
    })
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort()
}

const literal = parse('text')[0]?.type
const isLiteral = ({ type }: Element) => type === literal

it('are of every page that the console has', () => {
  expect(pages.length).toBeGreaterThan(4)
})

it.each(pages)(
  '%s has the same names, messages that can be read, and the same values in both languages',
  async (page) => {
    const { english, swedish } = await messagesOf(page)
    expect(Object.keys(swedish).sort()).toEqual(Object.keys(english).sort())
    for (const [name, message] of Object.entries(english)) {
      const [en, sv] = [valuesOf(parse(message)), valuesOf(parse(swedish[name] ?? ''))]
      expect({ name, values: sv }).toEqual({ name, values: en })
      expect(swedish[name]?.trim(), name).not.toBe('')
    }
  },
)

const statuses = await readFile(join(folder, '../../shared/consent/status-answer.ts'), 'utf8')

/** The code of a page's folder, and of all that imports its words. */
async function codeWith(page: string): Promise<string> {
  const texts: string[] = []
  for await (const file of glob('**/*.{ts,tsx}', { cwd: folder })) {
    if (basename(file).startsWith('words-')) continue
    const text = await readFile(join(folder, file), 'utf8')
    const imported = [...text.matchAll(/from '(\.[^']*)'/g)].map(([, path = '']) => join(dirname(file), path))
    if (dirname(file) === dirname(page) || imported.includes(page)) texts.push(text)
  }
  return texts.join('\n')
}

/**
 * Whether the code has the name in quotes or as a member, has a template that makes it, or has its first part in quotes, which `named` puts
 * before values of the ledger. A status is a name by itself.
 */
function isUsed(name: string, code: string): boolean {
  const quoted = (text: string) => code.includes(`'${text}'`) || code.includes(`"${text}"`)
  const templates = [...code.matchAll(/`(\w[\w-]*)?\$\{[\w.()]+\}(\w+)?`/g)].filter(
    ([, before, after]) => before ?? after,
  )
  return (
    quoted(name) ||
    new RegExp(`\\b${name}:`).test(code) ||
    templates.some(([, before = '', after = '']) => name.startsWith(before) && name.endsWith(after)) ||
    (name.includes('-') && quoted(name.slice(0, name.indexOf('-')))) ||
    statuses.includes(`'${name}'`)
  )
}

it.each(pages)('%s has no word that is shown nowhere', async (page) => {
  const { english } = await messagesOf(page)
  const code = await codeWith(page)
  expect(Object.keys(english).filter((name) => !isUsed(name, code))).toEqual([])
})

it('have the plurals of their language', () => {
  const messages = { rows: '{count, plural, =0 {inga} one {# rad} other {# rader}}' }
  const words = wordsIn(messages, 'sv')
  expect([0, 1, 2, 10_002].map((count) => words('rows', { count }))).toEqual([
    'inga',
    '1 rad',
    '2 rader',
    '10\u00a0002 rader',
  ])
})

it('name the zone of every instant', () => {
  const instant = '2026-07-01T10:00:00.000Z'
  for (const language of ['en', 'sv'] as const)
    expect(formatsIn(language).instant(instant)).toMatch(/2026.*:00:00 (UTC|GMT|CES?T|[A-Z]{2,5}|GMT[+-]\d+)$/)
})

it.each(['__proto__', 'constructor', 'kind-{count, plural', 'kind-{x}'])(
  '%s, of which there are no words, is shown as it is',
  (name) => {
    const words = wordsIn<Messages>({ found: 'Found' }, 'en')
    expect(words(name)).toBe(name)
    expect(isWord(name)).toBe(false)
  },
)
