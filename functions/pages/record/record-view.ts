/** What every section of the person's record is made from. */
import type { OwnRecord } from '../../../shared/client/own-record.ts'
import type { Child } from '../element.ts'
import type { PolicyTexts } from '../policy-text.ts'
import { localisedText, type Reader } from '../reader.ts'
import type { RecordWords } from './words-en.ts'

export interface RecordView {
  readonly reader: Reader
  readonly words: RecordWords
  /** All pages together. */
  readonly record: OwnRecord
  /** Where the person may complain. */
  readonly supervisoryAuthority: string
  readonly texts: PolicyTexts
  titleOf(target: { readonly purposeId?: string; readonly policyId?: string }): Child
}

export function viewOf(
  reader: Reader,
  words: RecordWords,
  record: OwnRecord,
  supervisoryAuthority: string,
  texts: PolicyTexts,
): RecordView {
  return {
    ...{ reader, words, record, supervisoryAuthority, texts },
    titleOf: ({ purposeId, policyId = '' }) =>
      localisedText(reader, record.titles[purposeId ?? `policy/${policyId}`]) ?? purposeId ?? policyId,
  }
}
