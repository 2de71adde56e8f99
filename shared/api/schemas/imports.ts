/** Imports: requests and answers. `shared/imports/README.md` says what is read from each format. */
import * as z from 'zod'
import { operatorVerbs, subjectVerbs } from '../../consent/event.ts'
import { isTimeFormat, isZone } from '../../imports/times.ts'
import { maxUploadBytes } from '../../ledger/transfers/transfer-files.ts'
import { time } from './in-answer.ts'
import { id, versionName } from './scalars.ts'
import { tokenHolder } from './token-holder.ts'

export const importId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
  .meta({ id: 'ImportId', description: 'UUID that the caller chose: the same request again is the same import.' })

export const importFormats = [
  'mapping',
  'ledger',
  'usercentrics',
  'didomi',
  'commanders-act',
  'cookie-script',
  'cookie-compliance',
  'c15t',
] as const

export const importEncodings = ['utf-8', 'utf-16le', 'windows-1252'] as const

export const importSyntaxes = ['csv', 'json', 'ndjson'] as const

const theirs = z.string().min(1).max(200)
const boundedMap = <V extends z.ZodType>(value: V) =>
  z.record(z.string().max(200), value).refine((map) => Object.keys(map).length <= 500, 'at most 500 entries')

const value = z
  .union([
    z.strictObject({
      column: theirs,
      values: boundedMap(z.string().max(500))
        .optional()
        .describe('What each text of the column stands for; another one is refused.'),
      default: z.string().max(500).optional().describe('For an empty column.'),
    }),
    z.strictObject({ constant: z.string().min(1).max(500) }),
  ])
  .meta({
    id: 'MappedValue',
    description: 'The text of a column (or of a member: `user.email` is a member of a member), or a constant.',
  })

export type MappedValue = z.output<typeof value>

const timeForm = {
  format: z
    .string()
    .max(40)
    .refine(isTimeFormat, 'iso, epoch-s, epoch-ms, or a pattern of yyyy MM dd HH mm ss SSS')
    .optional(),
  zone: z.string().max(60).refine(isZone, 'an IANA zone, such as Europe/Stockholm').optional(),
}

export const mapping = z
  .strictObject({
    originId: value.optional().describe('The tool’s id of the record. Without it, a hash of all fields.'),
    identifier: z.strictObject({ id: value, type: value.optional() }),
    occurredAt: z.strictObject({ column: theirs, ...timeForm }),
    decisions: z
      .array(z.strictObject({ purpose: value.optional(), policyId: value.optional(), verb: value }))
      .min(1)
      .max(100)
      .refine(
        (all) => all.every((d) => (d.purpose === undefined) !== (d.policyId === undefined)),
        'exactly one of purpose and policyId',
      ),
    version: value.optional(),
    text: value.optional().describe('The text that was shown. Its SHA-256 is recorded.'),
    locale: value.optional(),
    channel: value.optional(),
    device: value.optional(),
    surface: value.optional(),
    act: value.optional(),
    control: value.optional(),
    page: value.optional(),
    tcString: value.optional(),
  })
  .meta({ id: 'ImportMapping', description: 'Which column of any table is what.' })

export type Mapping = z.output<typeof mapping>

const file = z.strictObject({
  name: z.string().min(1).max(200).describe('For the report of errors.'),
  bytes: z.int().min(1).max(maxUploadBytes).describe('Exact size: its upload is refused at any other.'),
  syntax: z
    .enum(importSyntaxes)
    .optional()
    .describe('Without it, what the format has, otherwise by the end of the name.'),
  compression: z.enum(['gzip']).optional().describe('Without it, by `.gz` at the end of the name.'),
  encoding: z.enum(importEncodings).optional().describe('Without it UTF-8. A byte order mark counts.'),
})

export const importDraft = z
  .strictObject({
    importId,
    system: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,40}$/)
      .describe(
        'The tool that recorded. With its own id of a record it makes the `eventId`, so a record is imported once, by whichever import.',
      ),
    site: id.describe('The site that the events are recorded under.'),
    format: z.enum(importFormats),
    mapping: mapping.optional().describe('With the format `mapping`.'),
    identifierType: id.optional().describe('Type of the identifiers, unless the file states it. Without it `visitor`.'),
    purposes: boundedMap(z.union([id, z.null()]))
      .optional()
      .describe(
        'The tool’s names of purposes, and ours; null: leave it out. A name that is not here must be one of ours.',
      ),
    policy: z
      .strictObject({ policyId: id, versions: boundedMap(versionName).optional() })
      .optional()
      .describe(
        'The policy whose versions the file states, by the tool’s names. Without it events are linked by their stated date.',
      ),
    files: z.array(file).min(1).max(1_000),
    notify: z
      .boolean()
      .optional()
      .describe('Whether the events send messages, as live ones do. Without it they send none.'),
  })
  .refine((draft) => (draft.format === 'mapping') === (draft.mapping !== undefined), {
    error: '`mapping` goes with the format `mapping`',
    path: ['mapping'],
  })
  .meta({
    id: 'ImportDraft',
    example: {
      importId: '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11',
      system: 'usercentrics',
      site: 'web',
      format: 'usercentrics',
      identifierType: 'visitor',
      purposes: { HkocEodjb7: 'statistics', S1pcEj_jZX: null },
      files: [{ name: 'consents-2025.csv.gz', bytes: 48_000_000 }],
    },
  })

export type ImportDraft = z.output<typeof importDraft>

export const importStart = z
  .strictObject({ dryRun: z.boolean().optional().describe('Reads all files and records nothing.') })
  .meta({ id: 'ImportStart' })

export const importsQuery = z.strictObject({ after: importId.optional().describe('The `next` of the page before.') })

export const importStates = ['awaiting-files', 'queued', 'running', 'checked', 'done', 'failed', 'cancelled'] as const

const url = z.strictObject({ url: z.string(), expiresAt: time }).meta({ id: 'TransferUrl' })

export const importedState = z
  .strictObject({
    importId,
    system: z.string(),
    site: id,
    format: z.enum(importFormats),
    notify: z.boolean(),
    state: z
      .enum(importStates)
      .describe('`checked`: a dry run has ended; start it to record. `failed`: `failure` says why.'),
    dryRun: z.boolean().describe('Whether the counters are those of a dry run.'),
    files: z.array(
      z.strictObject({
        name: z.string(),
        bytes: z.int(),
        upload: url.optional().describe('While it awaits files, for each that is missing: `PUT` it there.'),
      }),
    ),
    counters: z
      .strictObject({
        records: z.int().describe('Read so far.'),
        accepted: z.int().describe('Recorded by this import; in a dry run, those that would be.'),
        skipped: z.int().describe('Recorded before, or nothing was decided.'),
        rejected: z.int(),
      })
      .meta({ id: 'ImportCounters' }),
    progress: z.number().min(0).max(1),
    errors: z.record(z.string(), z.int()).describe('Rejected records by reason.'),
    failure: z.string().optional(),
    report: url.optional().describe('CSV: file, line, reason and detail of each rejected record, up to 100,000.'),
    preview: url.optional().describe('JSON: the first ten records of a dry run as they would be recorded.'),
    requestedAt: time,
    requestedBy: tokenHolder,
    changedAt: time,
  })
  .meta({ id: 'Import' })

export const importPage = z
  .strictObject({
    imports: z.array(importedState).describe('By `importId`; without URLs.'),
    next: importId.optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'Imports' })

/** Verbs that a file may state. */
export const importedVerbs = [...subjectVerbs, ...operatorVerbs] as const
