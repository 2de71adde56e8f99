/**
 * Carries out an export: walks the log, writes a piece at a time, and adds a state after each (`export-state.ts`). A worker that is killed
 * leaves at most a file that no state names; the next one goes on at the last state. Of two workers at one export the second to add a state
 * finds its number taken, removes the file that it wrote, and stops.
 */
import { createHash, createSecretKey } from 'node:crypto'
import { LedgerError } from '../errors.ts'
import type { ControllerSnapshot } from '../ledger/controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../ledger/ledger.ts'
import { originOf } from '../ledger/log/log-items.ts'
import { walkLog } from '../ledger/log-events/walk-log.ts'
import type { WalkedLeaf } from '../ledger/log-events/walked-leaf.ts'
import type { SubjectFinder } from '../ledger/store.ts'
import type { Numbered } from '../ledger/transfers/numbered-progress.ts'
import { isFree } from '../ledger/transfers/sealed-requests.ts'
import type { TransferFiles } from '../ledger/transfers/transfer-files.ts'
import { vaultScope } from '../ledger/vault/subject-keys.ts'
import { eventColumns, eventRow } from './event-rows.ts'
import {
  type AskedExport,
  addExportState,
  type ExportName,
  type ExportPiece,
  type ExportState,
  exportFolder,
  findExport,
  latestExportState,
  writtenPieces,
} from './export-state.ts'
import { addCounts, totalOf } from './leaf-counts.ts'
import { type LeafOutcome, leafStream } from './leaf-outcomes.ts'
import { manifestBytes } from './manifest.ts'
import { statusColumns, statusRows } from './status-rows.ts'
import { writePiece } from './write-piece.ts'

export interface ExportWorker {
  readonly ledger: Ledger
  readonly finder: SubjectFinder
  readonly files: TransferFiles
  /** A worker that added no state for so long has died. */
  readonly silentMs: number
  /** False when the worker's time is up. */
  readonly goesOn: () => boolean
  /** For tests. */
  readonly maxLeaves?: number
}

/** @returns whether the export has ended; otherwise another run goes on with it */
export async function runExport(worker: ExportWorker, name: ExportName): Promise<boolean> {
  const { ledger } = worker
  const latest = await latestExportState(ledger.entries, name)
  if (latest === undefined) return true
  if (latest.state.state === 'cancelled') return removeFiles(worker, name, latest)
  if (latest.state.state !== 'queued' && latest.state.state !== 'running') return true
  const snapshot = await ledger.controllers.current(name.controller)
  if (snapshot === undefined) return true
  const asked = await findExport(ledger, snapshot, name.exportId)
  const run = { worker, name, snapshot, asked, workerName: Buffer.from(ledger.random(4)).toString('hex') }
  if (!isFree(latest.state, ledger.clock(), worker.silentMs)) return false
  const taken = await addState(run, latest, { state: 'running' })
  if (taken === undefined) return false
  try {
    return await writePieces(run, taken)
  } catch (error) {
    // What a retry may help is retried by the next run, from the last state.
    if (!(error instanceof LedgerError) || error.code === 'unavailable') throw error
    const last = (await latestExportState(ledger.entries, name)) ?? taken
    if (last.state.worker === run.workerName) await addState(run, last, { state: 'failed', failure: error.code })
    throw error
  }
}

/** Statuses of so many subjects are looked up at once. */
const leavesAhead = 64

interface Run {
  readonly worker: ExportWorker
  readonly name: ExportName
  readonly snapshot: ControllerSnapshot
  readonly asked: AskedExport
  /** Random, so that two workers never write the same file. */
  readonly workerName: string
}

async function writePieces(run: Run, taken: Numbered<ExportState>): Promise<boolean> {
  const { worker, name, asked } = run
  const folder = exportFolder(name)
  const { draft, log } = asked
  const { files, goesOn, maxLeaves } = worker
  const columns = draft.what === 'events' ? eventColumns(draft) : statusColumns(draft)
  const options = { draft, columns, files, folder, goesOn, ...(maxLeaves !== undefined && { maxLeaves }) }
  const range = { from: taken.state.position, to: log.to }
  const walk = walkLog({ ...worker.ledger, finder: worker.finder }, vaultScope(run.snapshot), range)
  const leaves = leafStream(walk, await outcomesOf(run), leavesAhead)
  try {
    for (let latest = taken; ; ) {
      const number = String(latest.number).padStart(6, '0')
      const nameOf = (date: string) => `date=${date}/part-${number}-${run.workerName}`
      const piece = await writePiece(leaves, { ...options, nameOf })
      if (piece === undefined) return await finish(run, latest)
      const isLast = !worker.goesOn()
      const next = await addState(run, latest, { state: 'running', ...withPiece(latest.state, piece) }, isLast)
      if (next === undefined) {
        if (piece.part) await worker.files.remove(`${folder}${piece.part.name}`)
        return false
      }
      if (isLast) return false
      latest = next
    }
  } finally {
    await leaves.close()
  }
}

function withPiece(state: ExportState, piece: ExportPiece) {
  return {
    piece,
    position: piece.from + totalOf(piece.leaves),
    rows: state.rows + (piece.part?.rows ?? 0),
    leaves: addCounts(state.leaves, piece.leaves),
  }
}

async function outcomesOf({ worker, snapshot, asked }: Run): Promise<(leaf: WalkedLeaf) => Promise<LeafOutcome>> {
  const { draft, requestedAt, log } = asked
  const pseudonymKey = createSecretKey(Buffer.from(asked.pseudonymKey, 'base64'))
  if (draft.what === 'events') return async (leaf) => eventRow(leaf, draft, pseudonymKey)
  return (await statusRows(worker.ledger, snapshot, draft, pseudonymKey, { to: log.to, requestedAt })).rowOf
}

async function finish(run: Run, latest: Numbered<ExportState>): Promise<boolean> {
  const { worker, name, asked } = run
  const { entries, host } = worker.ledger
  const sha = createHash('sha256')
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of manifestBytes(asked, originOf(host, name.controller), writtenPieces(entries, name))) {
      sha.update(chunk)
      yield chunk
    }
  }
  // Two workers write the same bytes.
  await worker.files.write(`${exportFolder(name)}manifest.json`, hashed())
  const isDone = (await addState(run, latest, { state: 'done', manifestSha256: sha.digest('hex') })) !== undefined
  // Whoever removed the files of a cancelled export may have been there before this one was.
  if (!isDone && (await latestExportState(entries, name))?.state.state === 'cancelled')
    await worker.files.remove(`${exportFolder(name)}manifest.json`)
  return isDone
}

type Change = Pick<ExportState, 'state'> & Partial<ExportState>

/**
 * `undefined` when another worker went on, or the export was cancelled.
 *
 * @param letsGo the state names no worker, so that the next run goes on at once
 */
async function addState(
  { worker, name, workerName }: Run,
  { number, state }: Numbered<ExportState>,
  change: Change,
  letsGo = false,
): Promise<Numbered<ExportState> | undefined> {
  const { piece: _, worker: __, ...kept } = state
  const named = !letsGo && { worker: workerName }
  const next = {
    number: number + 1,
    state: { ...kept, ...change, at: timestamp(worker.ledger.clock), ...named },
  }
  return (await addExportState(worker.ledger.entries, name, next)) ? next : undefined
}

async function removeFiles(
  { ledger, files }: ExportWorker,
  name: ExportName,
  { number, state }: Numbered<ExportState>,
): Promise<boolean> {
  if (state.filesRemoved === true) return true
  for (const file of await files.list(exportFolder(name))) await files.remove(file.name)
  const { piece: _, ...kept } = state
  const next = { number: number + 1, state: { ...kept, at: timestamp(ledger.clock), filesRemoved: true } }
  await addExportState(ledger.entries, name, next)
  return true
}
