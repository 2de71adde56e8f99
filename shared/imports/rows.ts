/** A record of a file before it is read as a consent, or why it is none. */
import { Refusal, type RefusalReason } from './refusal.ts'

export type Row =
  | { readonly line: number; readonly fields: Fields }
  | { readonly line: number; readonly refused: RefusalReason; readonly detail: string }

/** Columns of a CSV file (texts only), or members of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>

/** Most fields of a record. */
export const maxFields = 300

/** Lists and objects within each other. */
const maxDepth = 64

/**
 * @throws Refusal for a text that could not be kept as it stands: U+FFFD is what was not in the encoding of the file, and JSON may escape halves
 * of surrogate pairs and NUL
 */
export function checkFields(value: unknown, depth = 1): void {
  if (typeof value === 'string') {
    if (value.includes('\ufffd')) throw new Refusal('encoding', 'a character is not in the encoding of the file')
    if (value.includes('\0')) throw new Refusal('encoding', 'a text has a NUL character')
    if (!value.isWellFormed()) throw new Refusal('encoding', 'a text has half a surrogate pair')
  } else if (typeof value === 'object' && value !== null) {
    if (depth > maxDepth) throw new Refusal('too-deep', `lists and objects are nested more than ${maxDepth} deep`)
    for (const [name, member] of Object.entries(value)) {
      checkFields(name)
      checkFields(member, depth + 1)
    }
  }
}

/** What a reader of rows is given. Readers yield for each chunk, if only no rows: it shows that they are at work. */
export interface RowSource {
  readonly chunks: AsyncIterable<string>
  /** So many records at the beginning are counted and not read: an import that goes on where it was. */
  readonly skip: number
}
