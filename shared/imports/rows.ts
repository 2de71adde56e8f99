/** A record of a file before it is read as a consent, or why it is none. */
import type { RefusalReason } from './refusal.ts'

export type Row =
  | { readonly line: number; readonly fields: Fields }
  | { readonly line: number; readonly refused: RefusalReason; readonly detail: string }

/** Columns of a CSV file (texts only), or members of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>

/** Most fields of a record. */
export const maxFields = 300

/** What a reader of rows is given. */
export interface RowSource {
  readonly chunks: AsyncIterable<string>
  /** So many records at the beginning are counted and not read: an import that goes on where it was. */
  readonly skip: number
}
