/**
 * Carries an import out: reads its files from the position of its newest state, records their records in chunks, and adds a state after each.
 *
 * A chunk that a crash cut off is read and recorded again. Its events find themselves in the ledger, by their `eventId`; as their origin names this
 * import and the record's number, they count as accepted by it, and a record that stood in a file twice, or that an earlier import recorded, as
 * skipped. So nothing is recorded twice and the counters add up. Memory holds a chunk, whatever the files have.
 */

import { LedgerError } from '../errors.ts'
import type { ControllerSnapshot } from '../ledger/controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../ledger/ledger.ts'
import type { Numbered } from '../ledger/transfers/numbered-progress.ts'
import { isFree } from '../ledger/transfers/sealed-requests.ts'
import type { TransferFiles } from '../ledger/transfers/transfer-files.ts'
import type { RejectedRecord } from './error-report.ts'
import { readerOf } from './formats.ts'
import { removeParts, removeUnnamed, removeUploads, writePart, writeReport } from './import-files.ts'
import {
  type AskedImport,
  addImportState,
  type DueImport,
  defaultSilentMs,
  filesOf,
  findImport,
  type ImportState,
  latestImportState,
} from './import-state.ts'
import { type Reading, refusedRow, rowsUntilRefusal } from './read-file.ts'
import { previewLength, recordChunk } from './record-chunk.ts'
import { Refusal } from './refusal.ts'
import type { Row } from './rows.ts'

export interface ImportWorker {
  readonly ledger: Ledger
  readonly files: TransferFiles
  /** A worker that added no state for so long has died. @default a minute */
  readonly silentMs?: number
  /** Records between two states. @default 1,000 */
  readonly chunkLength?: number
  /** Asked between chunks, and each second where none ends: false ends the run, and another goes on later. */
  readonly goesOn: () => boolean
}

const defaultChunkLength = 1_000
/** A worker that reads and records nothing adds a state so often; well below the silence after which another takes the import. */
const stateMs = 15_000
/** A run that reads and records nothing asks so often whether it is to end. */
const lookMs = 1_000
/** Most records of an import. */
const maxRecords = 50_000_000

/** `paused`: the run was to end. `overtaken`: another worker has it, or it was cancelled. */
type RunEnd = 'finished' | 'paused' | 'overtaken'

export interface ImportRun {
  readonly ended: RunEnd
  /** By this run. */
  readonly recorded: number
}

const overtaken: ImportRun = { ended: 'overtaken', recorded: 0 }

/** @throws what the ledger or the files throw; the import can be taken again a minute later */
export async function runImport(worker: ImportWorker, { controller, importId }: DueImport): Promise<ImportRun> {
  const { ledger } = worker
  const latest = await latestImportState(ledger.entries, controller, importId)
  if (latest === undefined || !isFree(latest.state, ledger.clock(), worker.silentMs ?? defaultSilentMs))
    return overtaken
  const snapshot = await ledger.controllers.current(controller)
  if (snapshot === undefined) return overtaken
  const asked = await findImport(ledger, snapshot, importId)
  const run = new Run(worker, asked, snapshot, latest, Buffer.from(ledger.random(8)).toString('hex'))
  const before = latest.state.counters.accepted
  const ended = await run.whole()
  const newest = ended === 'overtaken' ? await latestImportState(ledger.entries, controller, importId) : undefined
  if (newest?.state.state === 'cancelled')
    await removeUnnamed(worker.files, filesOf(controller, importId), newest.state)
  return { ended, recorded: latest.state.dryRun ? 0 : run.accepted - before }
}

class Run {
  private readonly worker: ImportWorker
  private readonly asked: AskedImport
  private readonly controller: string
  private snapshot: ControllerSnapshot
  private latest: Numbered<ImportState>
  private readonly name: string
  private previewed: readonly object[] = []
  /** When the run last asked whether it is to end. */
  private lookedMs: number

  constructor(
    worker: ImportWorker,
    asked: AskedImport,
    snapshot: ControllerSnapshot,
    latest: Numbered<ImportState>,
    name: string,
  ) {
    this.worker = worker
    this.asked = asked
    this.controller = snapshot.controller.controller
    this.snapshot = snapshot
    this.latest = latest
    this.name = name
    this.lookedMs = worker.ledger.clock()
  }

  async whole(): Promise<RunEnd> {
    if (!(await this.add({}))) return 'overtaken'
    const site = this.snapshot.sites.get(this.asked.draft.site)
    const { files } = this.asked.draft
    if (site === undefined || site.revokedAt !== undefined) {
      await removeUploads(this.worker.files, this.places, files.length)
      return this.end('failed', { failure: 'unknown-site' })
    }
    while (this.state.position.file < files.length) {
      const ended = await this.file(this.state.position.file)
      if (ended !== 'finished') return ended
    }
    const places = filesOf(this.controller, this.asked.draft.importId)
    const hasReport = await writeReport(this.worker.files, places)
    // A crash before the last state leaves nothing to read, so the next run ends at once.
    if (!this.state.dryRun) await removeUploads(this.worker.files, places, files.length)
    const ended = await this.end(this.state.dryRun ? 'checked' : 'done', { hasReport })
    // Only now, because a run that ends before would make the report anew, of the parts that are left.
    if (ended === 'finished') await removeParts(this.worker.files, places)
    return ended
  }

  get accepted(): number {
    return this.state.counters.accepted
  }

  private get state(): ImportState {
    return this.latest.state
  }

  private get places() {
    return filesOf(this.controller, this.asked.draft.importId)
  }

  /** Reads one file to its end, from the position of the newest state. */
  private async file(index: number): Promise<RunEnd> {
    const { draft } = this.asked
    const { chunkLength = defaultChunkLength } = this.worker
    const file = draft.files[index]
    if (file === undefined) throw new LedgerError('internal', 'an import has no such file')
    const { position } = this.state
    const upload = this.places.upload(index)
    const version = position.version ?? (await this.worker.files.version(upload))
    const reading: Reading = { line: 1, bytes: 0, version }
    let held: Row[] = []
    for await (const rows of rowsUntilRefusal(
      this.worker.files.read(upload, 0, version),
      file,
      position.records,
      reading,
    )) {
      for (let from = 0; from < rows.length; ) {
        const room = chunkLength - held.length
        held = held.concat(rows.slice(from, from + room))
        from += room
        if (held.length < chunkLength) continue
        if (!(await this.chunk(held, index, reading))) return 'overtaken'
        held = []
        if (this.state.counters.records >= maxRecords) {
          const many = new Refusal('too-many-records', `an import has at most ${maxRecords}`)
          return this.lastChunk([refusedRow(reading.line, many)], index)
        }
        if (!this.worker.goesOn()) return this.pause()
      }
      const ended = await this.betweenChunks()
      if (ended !== undefined) return ended
    }
    if (reading.refused) held.push(refusedRow(reading.line, reading.refused))
    return this.lastChunk(held, index)
  }

  /**
   * Records before the position, and the parts of a line that is too long, add no state, and may take minutes. Returns how the run ends, if it does:
   * asked for by whom it works for, or by a person who cancels.
   */
  private async betweenChunks(): Promise<RunEnd | undefined> {
    const { ledger, goesOn } = this.worker
    const now = ledger.clock()
    if (now - this.lookedMs < lookMs) return undefined
    this.lookedMs = now
    if (!goesOn()) return this.pause()
    if (now - Date.parse(this.state.at) >= stateMs) return (await this.add({})) ? undefined : 'overtaken'
    const newest = await latestImportState(ledger.entries, this.controller, this.asked.draft.importId)
    return newest?.number === this.latest.number ? undefined : 'overtaken'
  }

  private async lastChunk(rows: readonly Row[], index: number): Promise<RunEnd> {
    return (await this.chunk(rows, index)) ? 'finished' : 'overtaken'
  }

  /**
   * Records a chunk and adds the state after it. Returns false when another has the import.
   *
   * @param reading absent for the last one of the file
   */
  private async chunk(rows: readonly Row[], index: number, reading?: Reading): Promise<boolean> {
    const { draft } = this.asked
    const { ledger, files } = this.worker
    this.snapshot = (await ledger.controllers.recent(this.controller)) ?? this.snapshot
    const { counters, position, errors, dryRun } = this.state
    const context = { draft, snapshot: this.snapshot, now: ledger.clock() }
    const chunk = await recordChunk(ledger, context, rows, {
      ...{ first: counters.records, read: readerOf(draft), isDry: dryRun === true },
    })
    const name = draft.files[index]?.name ?? ''
    const rejected = chunk.rejected.map((each): RejectedRecord => ({ file: name, ...each }))
    await writePart(files, this.places, counters, rejected)
    const hasPreview = await this.preview(chunk.preview)
    const counted = { ...errors }
    for (const { reason } of rejected) counted[reason] = (counted[reason] ?? 0) + 1
    return this.add({
      counters: {
        records: counters.records + rows.length,
        accepted: counters.accepted + chunk.accepted,
        skipped: counters.skipped + chunk.skipped,
        rejected: counters.rejected + rejected.length,
      },
      errors: counted,
      position:
        reading === undefined
          ? { file: index + 1, records: 0, bytes: 0 }
          : {
              ...{ file: index, records: position.records + rows.length },
              ...{ bytes: reading.bytes, version: reading.version },
            },
      ...(hasPreview && { hasPreview }),
    })
  }

  /** Adds to the first ten records of a dry run. Returns whether there is a file of them. */
  private async preview(records: readonly object[]): Promise<boolean> {
    const isShown = this.state.hasPreview === true
    if (records.length === 0 || this.previewed.length >= previewLength) return isShown
    // A run that goes on after another shows what that one left.
    if (isShown && this.previewed.length === 0) return true
    this.previewed = [...this.previewed, ...records].slice(0, previewLength)
    const json = Buffer.from(`${JSON.stringify({ records: this.previewed }, null, 2)}\n`)
    await this.worker.files.write(this.places.preview, once(json))
    return true
  }

  private async add(more: Partial<ImportState>): Promise<boolean> {
    const state = {
      ...this.state,
      state: 'running' as const,
      worker: this.name,
      ...more,
      at: timestamp(this.worker.ledger.clock),
    }
    const next = { number: this.latest.number + 1, state }
    const { entries } = this.worker.ledger
    if (!(await addImportState(entries, this.controller, this.asked.draft.importId, next))) return false
    this.latest = next
    return true
  }

  /** A worker that is named no more has let go. */
  private async pause(): Promise<RunEnd> {
    const { worker: _, ...state } = this.state
    const next = { number: this.latest.number + 1, state: { ...state, at: timestamp(this.worker.ledger.clock) } }
    return (await addImportState(this.worker.ledger.entries, this.controller, this.asked.draft.importId, next))
      ? 'paused'
      : 'overtaken'
  }

  private async end(state: 'checked' | 'done' | 'failed', more: Partial<ImportState>): Promise<RunEnd> {
    return (await this.add({ state, ...more })) ? 'finished' : 'overtaken'
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
