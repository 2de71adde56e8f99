/**
 * Terms that controllers use in fields without a language, in Swedish: kinds of recipients, the safeguards of transfers that GDPR names
 * (art. 45 to 49) in the words of the regulation's Swedish version, and what data is about. Any other term is shown as it was published.
 */
import { knownData } from './known-data.ts'
import { listOf, type Reader } from './reader.ts'

const swedish: Readonly<Record<string, string>> = {
  'service provider': 'tjänsteleverantör',
  supplier: 'leverantör',
  processor: 'personuppgiftsbiträde',
  'group company': 'koncernbolag',
  partner: 'samarbetspartner',
  authority: 'myndighet',
  court: 'domstol',
  police: 'polis',
  bank: 'bank',
  'payment institution': 'betalningsinstitut',
  'insurance company': 'försäkringsbolag',
  'credit bureau': 'kreditupplysningsföretag',
  creditor: 'borgenär',
  employer: 'arbetsgivare',
  'law firm': 'advokatbyrå',
  auditor: 'revisor',
  'advertising network': 'annonsnätverk',
  'analytics provider': 'analysföretag',
  'social network': 'socialt nätverk',
  public: 'allmänheten',

  'adequacy decision': 'beslut om adekvat skyddsnivå',
  'standard contractual clauses': 'standardavtalsklausuler',
  'binding corporate rules': 'bindande företagsbestämmelser',
  'code of conduct': 'uppförandekod',
  certification: 'certifiering',
  'explicit consent': 'uttryckligt samtycke',
}

/** The term in the reader's language. A remark in brackets after it, such as the name of a decision, stays as it is. */
export function knownTerm({ words }: Reader, term: string): string {
  if (words.language !== 'sv') return term
  const [, name = '', remark = ''] = /^(.*?)( \(.*\))?$/s.exec(term) ?? []
  return Object.hasOwn(swedish, name.toLowerCase()) ? `${swedish[name.toLowerCase()]}${remark}` : term
}

/**
 * What data is about, in the reader's language: a term such as `payment history`, or a list of terms such as `name, address and telephone number`.
 * A list with a term that is not known stays as it was published, whole.
 */
export function knownCategory(reader: Reader, category: string): string {
  if (reader.words.language !== 'sv') return category
  const swedishOf = (term: string) => (Object.hasOwn(knownData, term) ? knownData[term] : undefined)
  const text = category.toLowerCase()
  const whole = swedishOf(text)
  if (whole !== undefined) return whole
  const terms = text.split(/, and |, | and /).map(swedishOf)
  return terms.every((term) => term !== undefined) ? listOf(reader, terms) : category
}
