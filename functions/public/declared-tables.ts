/** What a version declares, as tables: purposes, recipients, cookies. Parts without a language appear as they were published. */
import type { PolicyVersion } from '../../shared/consent/policy.ts'
import type { Purpose, Recipient, Technology } from '../../shared/consent/purpose.ts'
import { knownCategory, knownTerm } from '../pages/known-terms.ts'
import { durationOf, listOf, placeOf } from '../pages/reader.ts'
import { type Html, html, type Piece } from './html.ts'
import { type PublicReader, written } from './public-reader.ts'
import { table } from './rows-table.ts'

export function purposesTable(reader: PublicReader, { purposes }: PolicyVersion): Html {
  const { words, declared } = reader
  return table(
    [words.purpose, words.legalBasis, words.data, words.keptFor, words.choice],
    purposes.map((purpose) => [
      html`<strong id="purpose-${purpose.purposeId}">${written(reader, purpose.title)}</strong><br>${written(reader, purpose.description)}`,
      [declared.words.bases[purpose.legalBasis], purpose.interest && [': ', written(reader, purpose.interest)]],
      dataOf(reader, purpose),
      retentionOf(reader, purpose),
      choiceOf(reader, purpose),
    ]),
  )
}

function dataOf({ declared }: PublicReader, { dataCategories }: Purpose): Piece {
  const { words } = declared
  return dataCategories
    .map(({ category, form, special }) => {
      const remarks = [form === 'personal' ? [] : words.forms[form], special ? words.specialCategory : []].flat()
      const called = knownCategory(declared, category)
      return remarks.length > 0 ? `${called} (${remarks.join(', ')})` : called
    })
    .join('; ')
}

function retentionOf(reader: PublicReader, { retention, until }: Purpose): Piece {
  const { words } = reader.declared
  const period = retention === undefined ? undefined : durationOf(reader.declared, retention)
  if (until === undefined) return period === undefined ? undefined : words.keptOver(period)
  return [
    words.keptUntil[until.criterion],
    ' (',
    written(reader, until.text),
    ')',
    period && ` ${words.andThen(period)}`,
  ]
}

function choiceOf(reader: PublicReader, purpose: Purpose): Piece {
  const { words, declared } = reader
  const { withdrawalMethod, refusal, validity, askAgainAfter, automatedDecision, profiling } = purpose
  const sentences: Piece[] = [
    written(reader, withdrawalMethod),
    validity !== undefined && words.consentValid(durationOf(declared, validity)),
    askAgainAfter !== undefined && words.notAskedAgain(durationOf(declared, askAgainAfter)),
    refusal.consequence !== 'none' && [
      `${words.withoutIt}: `,
      written(reader, refusal.text) ?? declared.words.consequences[refusal.consequence],
    ],
    automatedDecision && words.automatedDecision,
    profiling && words.profiling,
  ]
  return sentences.filter(Boolean).map((sentence) => html`<span class="sentence">${sentence}</span> `)
}

/** Each party once for what it gets in the same role, with all purposes for which it gets it. */
export function recipientsTable(reader: PublicReader, { purposes }: PolicyVersion): Html | undefined {
  const { words, declared } = reader
  const { words: said } = declared
  const rows = grouped(purposes, ({ recipients }) => recipients)
  if (rows.length === 0) return undefined
  return table(
    [said.party, said.kindOfParty, said.role, said.country, said.safeguard, words.usedFor],
    rows.map(({ value, titles }: Grouped<Recipient>) => [
      value.party,
      knownTerm(declared, value.type),
      [
        said.roles[value.role],
        value.reliesOnConsent && `, ${said.onConsentOnly}`,
        value.forms &&
          `, ${said.onlyForms(
            listOf(
              declared,
              value.forms.map((form) => said.formsOfData[form]),
            ),
          )}`,
      ],
      placeOf(declared, value.country ?? value.region ?? ''),
      value.transfer && knownTerm(declared, value.transfer),
      titlesOf(reader, titles),
    ]),
  )
}

export function cookiesTable(reader: PublicReader, { purposes }: PolicyVersion): Html | undefined {
  const { words, declared } = reader
  const { words: said } = declared
  const rows = grouped(purposes, ({ technologies }) => technologies)
  if (rows.length === 0) return undefined
  return table(
    [said.name, said.kind, said.party, said.domain, said.lifetime, words.usedFor, words.needsNoConsent],
    rows.map(({ value, titles }: Grouped<Technology>) => [
      html`<code>${value.name}</code>`,
      said.kinds[value.kind],
      value.party === 'first-party' ? said.firstParty : value.party,
      value.domain,
      durationOf(declared, value.lifetime),
      titlesOf(reader, titles),
      value.exempt?.reason,
    ]),
  )
}

interface Grouped<T> {
  readonly value: T
  readonly titles: readonly Purpose['title'][]
}

function grouped<T>(purposes: readonly Purpose[], valuesOf: (purpose: Purpose) => readonly T[]): Grouped<T>[] {
  const groups = new Map<string, { readonly value: T; readonly titles: Purpose['title'][] }>()
  for (const purpose of purposes)
    for (const value of valuesOf(purpose)) {
      const name = JSON.stringify(value)
      const group = groups.get(name) ?? { value, titles: [] }
      group.titles.push(purpose.title)
      groups.set(name, group)
    }
  return [...groups.values()]
}

function titlesOf(reader: PublicReader, titles: readonly Purpose['title'][]): Piece {
  return titles.map((title, i) => [i > 0 && '; ', written(reader, title)])
}
