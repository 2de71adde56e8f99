/**
 * A row of an export: the record as NDJSON has it, and its cells as CSV and Parquet have it. Every row names its leaf, so that it can be compared
 * with the log's tiles.
 */
import { createHmac, type KeyObject } from 'node:crypto'
import type { ExportDraft } from '../api/schemas/exports.ts'
import type { Identity } from '../consent/event.ts'
import type { PlacedLeaf } from '../ledger/log-events/walked-leaf.ts'

/** The value of a cell; `undefined` is an empty one. */
export type Cell = string | number | boolean | undefined

/** Cells by the names of columns. */
export type Cells = Readonly<Record<string, Cell>>

export interface ExportedRow {
  readonly record: Readonly<Record<string, unknown>>
  /** One for each line of a table. */
  readonly cells: readonly Cells[]
}

export type ColumnType = 'text' | 'whole' | 'flag' | 'time'

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

export interface Placed {
  readonly leafIndex: number
  readonly leafHash: string
  readonly loggedAt: string
}

export function placed({ index, leafHash, loggedAt }: PlacedLeaf): Placed {
  return { leafIndex: index, leafHash: Buffer.from(leafHash).toString('base64'), loggedAt }
}

export const placedColumns: readonly Column[] = [
  { name: 'leafIndex', type: 'whole' },
  { name: 'leafHash', type: 'text' },
  { name: 'loggedAt', type: 'time' },
]

/** Whose row it is, as far as the export may say. */
export type Named = { readonly identity?: Identity; readonly person?: string }

/**
 * A pseudonym alone matches none of another export or of the log. A row still does: it names its leaf.
 *
 * @param sub the subject's pseudonym in the log, which itself is in no row
 */
export function namedAs(
  identifiers: ExportDraft['identifiers'],
  key: KeyObject,
  identity: Identity | undefined,
  sub: string,
): Named {
  if (identifiers === 'none') return {}
  if (identifiers === 'clear') return identity === undefined ? {} : { identity }
  return { person: createHmac('sha256', key).update(sub).digest('base64url').slice(0, 22) }
}

export function namedCells({ identity, person }: Named): Cells {
  return { identifierType: identity?.type, identifier: identity?.id, person }
}

export const namedColumns = (identifiers: ExportDraft['identifiers']): readonly Column[] => {
  if (identifiers === 'none') return []
  if (identifiers === 'hashed') return [{ name: 'person', type: 'text' }]
  return [
    { name: 'identifierType', type: 'text' },
    { name: 'identifier', type: 'text' },
  ]
}
