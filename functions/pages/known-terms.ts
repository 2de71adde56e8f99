/**
 * Terms that controllers use in fields without a language, in Swedish: kinds of recipients, and the safeguards of transfers that GDPR names
 * (art. 45 to 49). The words are those of the regulation's Swedish version. Any other term is shown as it was published.
 */
import type { Reader } from './reader.ts'

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
