/** Every step and every code that the verifier can give has a sentence in English and in Swedish, with the same values. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { failures } from '../../../shared/verify/failures-en.ts'
import { swedishFailures } from '../../../shared/verify/failures-sv.ts'
import { findings } from '../../../shared/verify/findings-en.ts'
import { swedishFindings } from '../../../shared/verify/findings-sv.ts'
import { phrases } from '../../../shared/verify/phrases-en.ts'
import { swedishPhrases } from '../../../shared/verify/phrases-sv.ts'
import { englishSentence, say } from '../../../shared/verify/say.ts'
import { swedishFinding } from '../../../shared/verify/swedish-finding.ts'
import { isEnglish } from './english-words.ts'

const catalogues: [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>][] = [
  ['findings', findings, swedishFindings],
  ['failures', failures, swedishFailures],
  ['phrases', phrases, swedishPhrases],
]

describe.each(catalogues)('%s', (_, english, swedish) => {
  test.each(Object.entries(english))('%s', (code, sentence) => {
    const said = swedish[code] ?? ''
    const isReason = /^(form|tlog|json)-/.test(code) && sentence.includes('{message}')
    // A parser's English message stays out of the Swedish sentence, which has what the schema asks for instead.
    if (isReason) expect(slotsOf(said)).toEqual(said.includes('{detail}') ? ['detail'] : [])
    else expect(slotsOf(sentence)).toEqual(expect.arrayContaining(slotsOf(said)))
    expect(said).not.toBe('')
    expect(isEnglish(said), said).toBe(false)
  })
})

const slotsOf = (sentence: string) => [...new Set([...sentence.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort()

it('has no code that the verifier never gives', () => {
  const folder = join(import.meta.dirname, '../../../shared/verify')
  const sources = readdirSync(folder).filter((file) => file.endsWith('.ts') && !/-(en|sv)\.ts$/.test(file))
  const text = ['../../functions/console/verify/trusted-keys.ts', ...sources]
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
  // These are put together from a prefix and a name that has a type of its own.
  const isMade = (code: string) => /^(step|form|tlog|pending|publication)-/.test(code)
  const all = catalogues.flatMap(([, english]) => Object.keys(english))
  expect(all.filter((code) => !isMade(code) && !text.includes(`'${code}'`))).toEqual([])
})

it('counts: a number with its word, and the word alone', () => {
  const late = (count: number) => say('some-late', { count, all: 9 })
  expect(englishSentence(late(1))).toContain(
    '1 leaf of 9 came late to the log: known only from the first checkpoint that has it.',
  )
  expect(englishSentence(late(2))).toContain(
    '2 leaves of 9 came late to the log: known only from the first checkpoint that has each.',
  )
  expect(swedishFinding(late(2))).toBe(
    '2 av 9 löv kom sent till loggen: de räknas som kända först från den första kontrollpunkten som har dem.',
  )
})

it('takes values as they are, and phrases in values in the language of the sentence', () => {
  const other = say('named-version', { version: '"{what}"' })
  const said = say('index-taken', { what: say('the-event', { number: 3 }), other, index: 7 })
  expect(englishSentence(said)).toBe('event 3 has the leaf index of version "{what}": 7')
  expect(swedishFinding(said)).toBe('händelse 3 har samma plats i loggen som version "{what}": 7')
})
