/** Exports: requests and answers. `shared/exports/README.md` says what is in the files. */
import * as z from 'zod'
import { exportFormats, exportId, exportIdentifiers } from './export-about.ts'
import { time } from './in-answer.ts'
import { id, instant, versionName } from './scalars.ts'
import { tokenHolder } from './token-holder.ts'

export const exportCompressions = ['gzip', 'zstd', 'none'] as const

/** States that a consent, an information or a policy can have, by which an export of statuses can be narrowed. */
export const exportedStatuses = [
  ...(['Unknown', 'Requested', 'RequestDeferred', 'Refused', 'Given', 'RenewedGiven', 'Withdrawn', 'Expired'] as const),
  ...([
    'Revoked',
    'Invalidated',
    'Uninformed',
    'Informed',
    'NotObjected',
    'Objected',
    'Shown',
    'Acknowledged',
  ] as const),
  ...(['Accepted', 'Declined', 'Undetermined'] as const),
] as const

export const exportDraft = z
  .strictObject({
    exportId,
    what: z
      .enum(['events', 'statuses'])
      .describe('`events`: what was recorded, in the order of the log. `statuses`: how each subject stands at `at`.'),
    format: z.enum(exportFormats),
    compression: z
      .enum(exportCompressions)
      .optional()
      .describe('Of ndjson and csv; without it gzip. A Parquet file compresses its own columns.'),
    identifiers: z
      .enum(exportIdentifiers)
      .describe(
        '`clear` needs the scope `consent.export.clear` too. `hashed`: a pseudonym that is the same within this export and in no other. `none`: no pseudonym. Each row names its leaf, so rows can be matched with those of another export by leaf; a hashed pseudonym alone cannot be matched. Without `clear`, imported events lack `eventId` and `origin`.',
      ),
    purposeId: id.optional().describe('Only what was decided on this purpose.'),
    policyId: id.optional().describe('Only what was decided on this policy, or with it shown.'),
    version: versionName.optional().describe('Only where this version of the policy was shown.'),
    from: instant.optional().describe('Events recorded at this instant or later.'),
    until: instant.optional().describe('Events recorded before this instant.'),
    statuses: z.array(z.enum(exportedStatuses)).min(1).max(20).optional().describe('Only subjects with one of these.'),
    at: instant.optional().describe('The instant of the statuses; without it that of the request.'),
  })
  .refine(({ purposeId, policyId }) => purposeId === undefined || policyId === undefined, {
    error: 'one of purposeId and policyId, not both',
    path: ['policyId'],
  })
  .refine(({ version, purposeId, policyId }) => version === undefined || (purposeId ?? policyId) !== undefined, {
    error: 'a version needs its purposeId or policyId',
    path: ['version'],
  })
  .refine(({ what, statuses, at }) => what === 'statuses' || (statuses === undefined && at === undefined), {
    error: '`statuses` and `at` are for statuses',
    path: ['what'],
  })
  .refine(({ what, from, until }) => what === 'events' || (from === undefined && until === undefined), {
    error: '`from` and `until` are for events',
    path: ['what'],
  })
  .refine(({ format, compression }) => format !== 'parquet' || compression === undefined, {
    error: 'a Parquet file compresses its own columns',
    path: ['compression'],
  })
  .meta({
    id: 'ExportDraft',
    description: 'Everyone whose consent to version 2 stands:',
    example: {
      ...{ exportId: '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a12', what: 'statuses', format: 'csv', identifiers: 'clear' },
      ...{ purposeId: 'statistics', version: '2', statuses: ['Given', 'RenewedGiven'] },
    },
  })

export type ExportDraft = z.output<typeof exportDraft>

export const exportsQuery = z.strictObject({ after: exportId.optional().describe('The `next` of the page before.') })

export const exportPartsQuery = z.strictObject({
  afterPart: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional()
    .describe('The `nextPart` of the page before.'),
})

export const exportStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const

const url = z.strictObject({ url: z.string(), expiresAt: time })

export const accounted = z
  .strictObject({
    exported: z.int().describe('Leaves that have rows.'),
    filtered: z.int().describe('Events, or subjects, that the request leaves out.'),
    elsewhere: z.int().describe('Of statuses: events of a subject after its first, at which its rows are.'),
    erased: z.int().describe('Events of subjects who were erased.'),
    lapsed: z.int().describe('Events whose keys retention destroyed.'),
    unreadable: z.int().describe('Events whose stored row does not open.'),
    unreachable: z.int().describe('Events to whose keys nothing leads: of subjects from before 1 December 2026.'),
    other: z.int().describe('Leaves that are no events: publications, reads, erasures, hours.'),
  })
  .meta({ id: 'AccountedLeaves', description: 'Where each leaf of the range went; together they are as many.' })

const part = z
  .strictObject({
    name: z.string().describe('With its folder: `date=2026-11-22/part-000001-….ndjson.gz`, by the day of the log.'),
    rows: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    download: url.optional().describe('Once the export has ended, while it is kept. An answer with URLs is a read.'),
  })
  .meta({ id: 'ExportPart' })

export const exportedState = z
  .strictObject({
    exportId,
    what: z.string(),
    format: z.enum(exportFormats),
    identifiers: z.enum(exportIdentifiers),
    state: z.enum(exportStates).describe('`failed`: `failure` says why.'),
    log: z
      .strictObject({ from: z.int(), to: z.int() })
      .describe('The leaves that are looked at: all of the log’s then newest checkpoint.'),
    progress: z.number().min(0).max(1),
    rows: z.int(),
    leaves: accounted,
    failure: z.string().optional(),
    manifest: url.optional().describe('Once it is done.'),
    manifestSha256: z.string().optional().describe('Give it to `consent-ledger export verify`.'),
    parts: z.array(part).optional().describe('Of one export, not in lists; up to 500 at a time.'),
    nextPart: z.string().optional().describe('Pass as `afterPart`; absent on the last page.'),
    requestedAt: time,
    requestedBy: tokenHolder,
    changedAt: time,
  })
  .meta({ id: 'Export' })

export const exportPage = z
  .strictObject({
    exports: z.array(exportedState).describe('By `exportId`; without parts and URLs.'),
    next: exportId.optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'Exports' })
