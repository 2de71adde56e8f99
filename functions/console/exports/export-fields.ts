/** What the form of an export holds, and the request that it stands for. */
import type { Export, ExportDraft } from '../../../shared/server/wire.ts'
import { instantOf } from '../question/instant-field.tsx'

export type ExportFormat = Export['format']
export type Identifiers = Export['identifiers']

export const formats = ['csv', 'ndjson', 'parquet'] as const satisfies readonly ExportFormat[]
export const compressions = ['gzip', 'zstd', 'none'] as const satisfies readonly NonNullable<
  ExportDraft['compression']
>[]
export const identifiers = ['hashed', 'none', 'clear'] as const satisfies readonly Identifiers[]
export const statuses = [
  ...(['Given', 'RenewedGiven', 'Refused', 'Withdrawn', 'Expired', 'Requested', 'RequestDeferred'] as const),
  ...(['Revoked', 'Invalidated', 'Objected', 'NotObjected', 'Informed', 'Uninformed', 'Accepted'] as const),
  ...(['Declined', 'Acknowledged', 'Shown', 'Unknown', 'Undetermined'] as const),
] as const satisfies readonly NonNullable<ExportDraft['statuses']>[number][]

export interface ExportFields {
  readonly what: 'events' | 'statuses'
  readonly format: ExportFormat
  readonly compression: (typeof compressions)[number]
  readonly identifiers: Identifiers
  /** `purpose/<id>`, `policy/<id>`, or empty for everything. */
  readonly topic: string
  readonly version: string
  /** What a control for date and time holds, in the reader's time zone. */
  readonly from: string
  readonly until: string
  readonly at: string
  readonly statuses: readonly (typeof statuses)[number][]
}

/** Everyone whose consent stands: what is asked for most. */
export const emptyFields: ExportFields = {
  ...{ what: 'statuses', format: 'csv', compression: 'gzip', identifiers: 'hashed' },
  ...{ topic: '', version: '', from: '', until: '', at: '', statuses: ['Given', 'RenewedGiven'] },
}

export function draftOf(fields: ExportFields, exportId: string): ExportDraft {
  const { what, format, compression, topic, version } = fields
  const [kind, id = ''] = topic.split('/')
  const instants = { from: instantOf(fields.from), until: instantOf(fields.until), at: instantOf(fields.at) }
  return {
    ...{ exportId, what, format, identifiers: fields.identifiers },
    ...(format !== 'parquet' && { compression }),
    ...(kind === 'purpose' && { purposeId: id }),
    ...(kind === 'policy' && { policyId: id }),
    ...(topic !== '' && version !== '' && { version }),
    ...(what === 'events' && instants.from !== undefined && { from: instants.from }),
    ...(what === 'events' && instants.until !== undefined && { until: instants.until }),
    ...(what === 'statuses' && instants.at !== undefined && { at: instants.at }),
    ...(what === 'statuses' && fields.statuses.length > 0 && { statuses: [...fields.statuses] }),
  }
}
