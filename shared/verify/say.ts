/**
 * A finding of the verifier without a language: a stable code with the values of its sentence, so that it can be read in any language that has a
 * sentence for the code. A value may be such a phrase itself, e.g. the name of the part of the file that a failure is about.
 */
import { failures } from './failures-en.ts'
import { findings } from './findings-en.ts'
import { phrases } from './phrases-en.ts'

const english = { ...findings, ...failures, ...phrases }
type English = typeof english

/** Code of a finding that is `ok` or a note. */
export type FindingCode = keyof typeof findings
/** Code of the reason for which a step failed, or can give no answer. */
export type FailureCode = keyof typeof failures
/** Code of a sentence, or of a part of one. */
export type SaidCode = keyof English

/** A value in a sentence. Texts from the file are quoted; lists are separated by commas. */
export type SaidValue = string | number | Said | readonly SaidValue[]

/** A sentence, or a part of one, without its language. */
export interface Said {
  /** Names the sentence, in every language. */
  readonly code: SaidCode
  /** What stands in the slots of the sentence, by their names. */
  readonly values: Readonly<Record<string, SaidValue>>
}

type SlotsOf<T extends string> = T extends `${string}{${infer Slot}}${infer Rest}`
  ? NameOf<Slot> | SlotsOf<Rest>
  : never
type NameOf<Slot extends string> = Slot extends `${infer Name}|${string}`
  ? NameOf<Name>
  : Slot extends `${infer Name}?${string}`
    ? Name
    : Slot

/** The values of a code's English sentence; nothing for a sentence without any. */
export type ValuesOf<C extends SaidCode> = [SlotsOf<English[C]>] extends [never]
  ? []
  : [values: Readonly<Record<SlotsOf<English[C]>, SaidValue>>]

export function say<C extends SaidCode>(code: C, ...given: ValuesOf<C>): Said {
  const [values = {}] = given
  return { code, values }
}

const slot = /\{(\w+)(?:([|?])([^|}]*)\|([^}]*))?\}/g

/** The sentence in a language that has one for each code. */
export function sentenceIn(sentences: Readonly<Record<SaidCode, string>>, { code, values }: Said): string {
  const textOf = (value: SaidValue): string => {
    if (typeof value === 'string' || typeof value === 'number') return String(value)
    return 'code' in value ? sentenceIn(sentences, value) : value.map(textOf).join(', ')
  }
  return sentences[code].replace(slot, (_, name: string, kind?: string, one = '', many = '') => {
    const value = values[name] ?? ''
    if (kind === undefined) return textOf(value)
    const word = value === 1 ? one : many
    return kind === '|' ? `${textOf(value)} ${word}` : word
  })
}

export const englishSentence = (said: Said): string => sentenceIn(english, said)
