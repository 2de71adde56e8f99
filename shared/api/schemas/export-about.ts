/** An export that may have had a person, as the answer to an erasure names it; and what of an export it repeats. */
import * as z from 'zod'
import { time } from './in-answer.ts'
import { tokenHolder } from './token-holder.ts'

export const exportId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
  .meta({ id: 'ExportId', description: 'UUID that the caller chose: the same request again is the same export.' })

export const exportFormats = ['ndjson', 'csv', 'parquet'] as const
export const exportIdentifiers = ['clear', 'hashed', 'none'] as const

export const exportAbout = z
  .strictObject({
    exportId,
    what: z.enum(['events', 'statuses']),
    format: z.enum(exportFormats),
    identifiers: z.enum(exportIdentifiers),
    requestedAt: time,
    requestedBy: tokenHolder,
    keptUntil: time.describe('The ledger’s own copy of its files is gone by then.'),
  })
  .meta({ id: 'ExportAbout' })
