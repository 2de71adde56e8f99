/** What controllers publish in fields without a language, read in Swedish. */
import { expect, it } from 'vitest'
import { knownCategory, knownTerm } from '../../../functions/pages/known-terms.ts'
import { readerOf } from '../../../functions/pages/reader.ts'

const swedish = readerOf('sv-SE', [])
const english = readerOf('en-GB', [])

it.each([
  ['payment history', 'betalningshistorik'],
  ['name, personal identity number and contact details', 'namn, personnummer och kontaktuppgifter'],
  ['Name and address', 'namn och adress'],
  ['health, as far as the person tells it', 'hälsa, så långt personen själv berättar'],
  ['name and shoe size', 'name and shoe size'],
  ['constructor', 'constructor'],
  ['kundnummer', 'kundnummer'],
])('data about %s is read as %s in Swedish, and as it was published in English', (published, read) => {
  expect(knownCategory(swedish, published)).toBe(read)
  expect(knownCategory(english, published)).toBe(published)
})

it('a remark in brackets after a term stays', () => {
  expect(knownTerm(swedish, 'adequacy decision (EU-US DPF)')).toBe('beslut om adekvat skyddsnivå (EU-US DPF)')
})
