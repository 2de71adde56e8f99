/**
 * What the ledger keeps of an export, in `entries`, insert-only:
 *
 *   what was asked   PK `<controller>#export`               SK `<exportId>`   payload: request, who asked, range of the log; sealed for the controller
 *   states           PK `<controller>#export#<exportId>`    SK the number     `ledger/transfers/numbered-progress.ts`
 *   to do            PK `#exports#<day>`                    SK `<instant>#<controller>#<exportId>`, of the request and of a cancellation
 *
 * None has a leaf; that somebody asked is a read, which has one.
 *
 *   queued → running → … → done | failed          each of them → cancelled → cancelled, with its files removed
 *
 * Each part that is written is a state, so a state's number is a border at which another worker can go on: nothing twice, nothing lost.
 */
import type { ExportDraft, exportStates } from '../api/schemas/exports.ts'
import { conforms, flag, instant, integer, oneOf, optional, record, type TypeOf, wording } from '../consent/schema.ts'
import { LedgerError } from '../errors.ts'
import type { ControllerSnapshot } from '../ledger/controllers/controller-snapshots.ts'
import { keyBytes } from '../ledger/derived-keys.ts'
import { type Holder, holderName } from '../ledger/holder-entry.ts'
import { type Ledger, timestamp } from '../ledger/ledger.ts'
import { numberSk } from '../ledger/log/log-items.ts'
import { insertOne, queryAll, type Table } from '../ledger/store.ts'
import { askedExportsPk, exportPk, exportStatesPk } from '../ledger/transfers/export-items.ts'
import { addProgress, latestProgress, type Numbered } from '../ledger/transfers/numbered-progress.ts'
import { findRequest, isFree, listRequests, storeRequest } from '../ledger/transfers/sealed-requests.ts'
import { leafCounts, noLeaves } from './leaf-counts.ts'

const writtenPart = record({
  /** Below the export's folder. */
  name: wording,
  rows: integer,
  bytes: integer,
  sha256: wording,
})

const exportState = record({
  state: oneOf<(typeof exportStates)[number]>(['queued', 'running', 'done', 'failed', 'cancelled']),
  at: instant,
  /** Random; names the worker that added the state. A worker that is named no more has let go. */
  worker: optional(wording),
  /** Index of the next leaf. */
  position: integer,
  rows: integer,
  /** Leaves up to the position, by where they went. */
  leaves: leafCounts,
  /** What this state adds: leaves from the last state's position to this one's, and a file unless they gave no row. */
  piece: optional(record({ from: integer, leaves: leafCounts, date: wording, part: optional(writtenPart) })),
  manifestSha256: optional(wording),
  failure: optional(wording),
  filesRemoved: optional(flag),
})
export interface ExportState extends TypeOf<typeof exportState> {}
export type ExportPiece = NonNullable<ExportState['piece']>

export const isExportState = (value: unknown): value is ExportState => conforms(exportState, value)

/** An export as it was asked for. */
export interface AskedExport {
  readonly draft: ExportDraft
  readonly requestedAt: string
  readonly requestedBy: Holder
  /** The leaves that it looks at: those of the newest checkpoint. */
  readonly log: { readonly from: number; readonly to: number; readonly checkpoint?: string }
  /** For `hashed` identifiers: 32 bytes, base64. Made for this export: pseudonyms of two exports are matched by nothing but the leaves of their rows. */
  readonly pseudonymKey: string
}

export interface ExportName {
  readonly controller: string
  readonly exportId: string
}

const statesPk = ({ controller, exportId }: ExportName): string => exportStatesPk(controller, exportId)
/** Days for which a request, or a cancellation, is looked for. */
const dueDays = 4

export const exportFolder = ({ controller, exportId }: ExportName): string => `exports/${controller}/${exportId}/`

type Exports = Pick<Ledger, 'entries' | 'clock' | 'random'>

/**
 * Stores what is asked, or returns what the same request stored before.
 *
 * @throws `already-exists` when another export has the id
 */
export async function askExport(
  { entries, clock, random }: Exports,
  snapshot: ControllerSnapshot,
  draft: ExportDraft,
  by: Holder,
  log: AskedExport['log'],
): Promise<{ readonly asked: AskedExport; readonly created: boolean }> {
  const name = { controller: snapshot.controller.controller, exportId: draft.exportId }
  const key = { pk: exportPk(name.controller), sk: draft.exportId }
  const asked: AskedExport = {
    ...{ draft, requestedAt: timestamp(clock), requestedBy: holderName(by), log },
    pseudonymKey: Buffer.from(random(keyBytes)).toString('base64'),
  }
  const created = await storeRequest({ entries, random }, snapshot, key, asked)
  const stored = created ? asked : await findExport({ entries }, snapshot, draft.exportId)
  if (JSON.stringify(stored.draft) !== JSON.stringify(draft))
    throw new LedgerError('already-exists', 'another export has this id', { field: '/exportId', given: draft.exportId })
  // Also after a crash between the inserts. Workers pass over what has no state.
  await makeDue(entries, name, stored.requestedAt)
  await addExportState(entries, name, { number: 1, state: firstState(stored) })
  return { asked: stored, created }
}

/** Puts it where workers look for some days: at the request, and again at a cancellation, which may be later. */
async function makeDue(entries: Table, { controller, exportId }: ExportName, at: string): Promise<void> {
  await insertOne(entries, { pk: askedExportsPk(at.slice(0, 10)), sk: `${at}#${controller}#${exportId}`, values: {} })
}

/**
 * Goes on until its state is the newest, because a worker adds states meanwhile.
 *
 * @throws `unavailable`
 */
export async function cancelExport({ entries, clock }: Pick<Ledger, 'entries' | 'clock'>, name: ExportName) {
  const at = timestamp(clock)
  // Before the state says so: a crash in between leaves nothing that is not found.
  await makeDue(entries, name, at)
  for (let tries = 0; tries < 20; tries++) {
    const latest = await latestExportState(entries, name)
    if (latest === undefined) break
    const { number, state } = latest
    if (state.state === 'cancelled') return
    const { piece: _, ...kept } = state
    if (await addExportState(entries, name, { number: number + 1, state: { ...kept, state: 'cancelled', at } })) return
  }
  throw new LedgerError('unavailable', 'the state of the export changed meanwhile; send the request again')
}

function firstState({ requestedAt, log }: AskedExport): ExportState {
  return { state: 'queued', at: requestedAt, position: log.from, rows: 0, leaves: noLeaves }
}

/** @throws `not-found` */
export function findExport(
  { entries }: { readonly entries: Pick<Table, 'get'> },
  snapshot: ControllerSnapshot,
  exportId: string,
): Promise<AskedExport> {
  return findRequest(entries, snapshot, { pk: exportPk(snapshot.controller.controller), sk: exportId })
}

export async function listExports(
  { entries }: { readonly entries: Pick<Table, 'query'> },
  snapshot: ControllerSnapshot,
  after: string | undefined,
  limit: number,
): Promise<{ readonly exports: readonly AskedExport[]; readonly next?: string }> {
  const pk = exportPk(snapshot.controller.controller)
  const { requests, ...more } = await listRequests<AskedExport>(entries, snapshot, pk, after, limit)
  return { exports: requests, ...more }
}

export function latestExportState(
  entries: Pick<Table, 'query'>,
  name: ExportName,
): Promise<Numbered<ExportState> | undefined> {
  return latestProgress(entries, statesPk(name), isExportState)
}

/** Returns false when another state has the number. */
export function addExportState(entries: Table, name: ExportName, next: Numbered<ExportState>): Promise<boolean> {
  return addProgress(entries, statesPk(name), next)
}

/** What was written, piece by piece, after the state of that number. */
export async function* writtenPieces(
  entries: Pick<Table, 'query'>,
  name: ExportName,
  after = 0,
): AsyncGenerator<{ readonly number: number; readonly piece: ExportPiece }> {
  const from = numberSk(after)
  for await (const { sk, values } of queryAll(entries, statesPk(name), { after: from })) {
    const state: unknown = JSON.parse(String(values.record))
    if (isExportState(state) && state.piece !== undefined) yield { number: Number(sk), piece: state.piece }
  }
}

/**
 * The exports that nobody works at now, oldest first, and cancelled ones whose files are there.
 *
 * @param silentMs a worker that added no state for so long has died
 */
export async function* dueExports(
  { entries, clock }: Pick<Ledger, 'entries' | 'clock'>,
  silentMs: number,
): AsyncGenerator<ExportName> {
  const now = clock()
  for (let day = dueDays - 1; day >= 0; day--) {
    const pk = askedExportsPk(new Date(now - day * 86_400_000).toISOString().slice(0, 10))
    for await (const { sk } of queryAll(entries, pk)) {
      const [, controller = '', exportId = ''] = sk.split('#')
      const name = { controller, exportId }
      const { state } = (await latestExportState(entries, name)) ?? {}
      if (state === undefined) continue
      const isToRemove = state.state === 'cancelled' && state.filesRemoved !== true
      if (isToRemove || isFree(state, clock(), silentMs)) yield name
    }
  }
}
