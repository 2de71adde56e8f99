/**
 * What the ledger keeps of an import, in `entries`, insert-only:
 *
 *   what was asked   PK `<controller>#import`               SK `<importId>`   payload: request and who asked, sealed for the controller
 *   states           PK `<controller>#import#<importId>`    SK the number     `numbered-progress.ts`
 *   to do            PK `#imports#<day>`                    SK `<instant>#<controller>#<importId>`, once for each start
 *
 * None has a leaf; asking, starting and cancelling are administrative acts, which have one each.
 *
 *   awaiting-files → queued → running → done | failed
 *                      ↑         └→ checked (a dry run) → queued …
 *   each of the first three → cancelled
 *
 * A worker that holds an import adds a state after each chunk; one that added none for a minute has died, and another goes on.
 */
import type { ImportDraft, importStates } from '../api/schemas/imports.ts'
import {
  conforms,
  flag,
  instant,
  integer,
  mapOf,
  oneOf,
  optional,
  record,
  type TypeOf,
  wording,
} from '../consent/schema.ts'
import { LedgerError } from '../errors.ts'
import type { ControllerSnapshot } from '../ledger/controllers/controller-snapshots.ts'
import { type Holder, holderName } from '../ledger/holder-entry.ts'
import { type Ledger, timestamp } from '../ledger/ledger.ts'
import { insertOne, type Key, queryAll, type Table } from '../ledger/store.ts'
import { importPk, importStatesPk, startedImportsPk } from '../ledger/transfers/import-items.ts'
import { addProgress, latestProgress, type Numbered } from '../ledger/transfers/numbered-progress.ts'
import { findRequest, isFree, listRequests, storeRequest } from '../ledger/transfers/sealed-requests.ts'

export const counters = record({ records: integer, accepted: integer, skipped: integer, rejected: integer })
export interface ImportCounters extends TypeOf<typeof counters> {}

const importState = record({
  state: oneOf<(typeof importStates)[number]>([
    'awaiting-files',
    'queued',
    'running',
    'checked',
    'done',
    'failed',
    'cancelled',
  ]),
  at: instant,
  dryRun: optional(flag),
  /** Random; names the worker that added a state of `running`. */
  worker: optional(wording),
  /** Records of file `file` (from 0) that were dealt with, bytes of it that were read, and the content that they are of. */
  position: record({ file: integer, records: integer, bytes: integer, version: optional(wording) }),
  counters,
  errors: mapOf(integer),
  /** There is a report, or a preview, to fetch. */
  hasReport: optional(flag),
  hasPreview: optional(flag),
  failure: optional(wording),
})
export interface ImportState extends TypeOf<typeof importState> {}

export const isImportState = (value: unknown): value is ImportState => conforms(importState, value)

/** An import as it was asked for. */
export interface AskedImport {
  readonly draft: ImportDraft
  readonly requestedAt: string
  readonly requestedBy: Holder
}

const noCounters: ImportCounters = { records: 0, accepted: 0, skipped: 0, rejected: 0 }
/** A state from which nothing was read. */
export const unread = { position: { file: 0, records: 0, bytes: 0 }, counters: noCounters, errors: {} } as const

/** Days for which a start is looked for. One that takes longer goes on when it is started again. */
const dueDays = 4
/** A worker adds a state more often. */
export const defaultSilentMs = 60_000

export const filesOf = (controller: string, importId: string) => {
  const folder = `imports/${controller}/${importId}/`
  return {
    folder,
    upload: (file: number) => `${folder}uploads/${file}`,
    /** The part of the report for the records from this one on. */
    part: (record: number) => `${folder}parts/${String(record).padStart(12, '0')}`,
    parts: `${folder}parts/`,
    report: `${folder}errors.csv`,
    preview: `${folder}preview.json`,
  }
}

type Imports = Pick<Ledger, 'entries' | 'clock' | 'random'>

/**
 * Stores what is asked, or returns what the same request stored before.
 *
 * @throws `already-exists` when another import has the id
 */
export async function askImport(
  { entries, clock, random }: Imports,
  snapshot: ControllerSnapshot,
  draft: ImportDraft,
  by: Holder,
): Promise<{ readonly asked: AskedImport; readonly created: boolean }> {
  const { controller } = snapshot.controller
  const key = { pk: importPk(controller), sk: draft.importId }
  const asked = { draft, requestedAt: timestamp(clock), requestedBy: holderName(by) }
  const created = await storeRequest({ entries, random }, snapshot, key, asked)
  const stored = created ? asked : await findImport({ entries }, snapshot, draft.importId)
  if (JSON.stringify(stored.draft) !== JSON.stringify(draft))
    throw new LedgerError('already-exists', 'another import has this id', { field: '/importId', given: draft.importId })
  // Also after a crash between the two inserts.
  const first = { state: 'awaiting-files', at: stored.requestedAt, ...unread } as const
  await addProgress(entries, importStatesPk(controller, draft.importId), { number: 1, state: first })
  return { asked: stored, created }
}

/** @throws `not-found` */
export function findImport(
  { entries }: { readonly entries: Pick<Table, 'get'> },
  snapshot: ControllerSnapshot,
  importId: string,
): Promise<AskedImport> {
  return findRequest(entries, snapshot, { pk: importPk(snapshot.controller.controller), sk: importId })
}

export async function listImports(
  { entries }: Pick<Ledger, 'entries'>,
  snapshot: ControllerSnapshot,
  after: string | undefined,
  limit: number,
): Promise<{ readonly imports: readonly AskedImport[]; readonly next?: string }> {
  const pk = importPk(snapshot.controller.controller)
  const { requests, ...more } = await listRequests<AskedImport>(entries, snapshot, pk, after, limit)
  return { imports: requests, ...more }
}

export function latestImportState(
  entries: Pick<Table, 'query'>,
  controller: string,
  importId: string,
): Promise<Numbered<ImportState> | undefined> {
  return latestProgress(entries, importStatesPk(controller, importId), isImportState)
}

/** Returns false when another state has the number. */
export function addImportState(
  entries: Table,
  controller: string,
  importId: string,
  next: Numbered<ImportState>,
): Promise<boolean> {
  return addProgress(entries, importStatesPk(controller, importId), next)
}

/** An import that was started, by its names. */
export interface DueImport {
  readonly controller: string
  readonly importId: string
}

/** Puts it where workers look. Called before the state says so: what is not queued then is passed over. */
export async function makeDue({ entries, clock }: Imports, { controller, importId }: DueImport): Promise<void> {
  const at = timestamp(clock)
  await insertOne(entries, { ...dueKey(at, `${at}#${controller}#${importId}`), values: {} })
}

const dueKey = (at: string, sk: string): Key => ({ pk: startedImportsPk(at.slice(0, 10)), sk })

/** The imports that nobody works at now, oldest first. */
export async function* dueImports(
  { entries, clock }: Pick<Ledger, 'entries' | 'clock'>,
  silentMs = defaultSilentMs,
): AsyncGenerator<DueImport> {
  const now = clock()
  const seen = new Set<string>()
  for (let ago = dueDays - 1; ago >= 0; ago--) {
    const day = new Date(now - ago * 86_400_000).toISOString().slice(0, 10)
    for await (const { sk } of queryAll(entries, startedImportsPk(day))) {
      const [, controller = '', importId = ''] = sk.split('#')
      const name = `${controller}#${importId}`
      if (seen.has(name)) continue
      seen.add(name)
      const latest = await latestImportState(entries, controller, importId)
      if (latest !== undefined && isFree(latest.state, now, silentMs)) yield { controller, importId }
    }
  }
}

/** The state in which an import that is started is queued. */
export function queuedState(latest: ImportState, isDry: boolean, at: string): ImportState {
  return {
    ...latest,
    ...unread,
    ...{ state: 'queued', at, worker: undefined, dryRun: isDry ? true : undefined },
    ...{ hasReport: undefined, hasPreview: undefined, failure: undefined },
  }
}
