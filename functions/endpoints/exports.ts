/**
 * Exports, for tokens with scope `consent.export`, and `consent.export.clear` where they name people: asks for one, shows how far it is and where its
 * files are, cancels it. That somebody asked is a read, recorded before anything is exported; so is each answer with URLs of files, because their
 * reader may be another than who asked. A worker does the rest (`functions/jobs/export.ts`).
 */
import { exportId } from '../../shared/api/schemas/export-about.ts'
import { type ExportDraft, exportDraft, exportPartsQuery, exportsQuery } from '../../shared/api/schemas/exports.ts'
import { id } from '../../shared/api/schemas/scalars.ts'
import { LedgerError } from '../../shared/errors.ts'
import {
  type AskedExport,
  askExport,
  cancelExport,
  type ExportName,
  type ExportState,
  exportFolder,
  findExport,
  latestExportState,
  listExports,
  writtenPieces,
} from '../../shared/exports/export-state.ts'
import { totalOf } from '../../shared/exports/leaf-counts.ts'
import { historyOf } from '../../shared/ledger/answers/answers-for-subject.ts'
import { paddedBytes } from '../../shared/ledger/auditors/audit-reads.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { holderIdentity, makeHolderEntry } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { checkpointBefore } from '../../shared/ledger/log/log-reader.ts'
import { insertOne } from '../../shared/ledger/store.ts'
import type { Numbered } from '../../shared/ledger/transfers/numbered-progress.ts'
import { type TransferFiles, transferFilesKeptDays } from '../../shared/ledger/transfers/transfer-files.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { controllerFor } from '../http/access.ts'
import { type Call, type Endpoint, ok, parseBody, parseQuery, parseWith, pathParameter } from '../http/call.ts'
import type { Bearer } from '../http/tokens.ts'

const pageLength = 50
const partsAtOnce = 500
const clearScope = 'consent.export.clear'

/** @param onAsked called when there is something to do, where the worker is in the same process */
export function exportEndpoints(files: TransferFiles, onAsked: () => void = () => {}) {
  return {
    async makeExport(call) {
      const { snapshot, bearer, controller } = await exporter(call)
      const draft = parseBody(call, exportDraft)
      requireClear(draft, bearer)
      const { ledger } = call.instance
      const { purposeId, policyId } = draft
      if (purposeId !== undefined) await historyOf(ledger, snapshot, { purposeId })
      if (policyId !== undefined) await historyOf(ledger, snapshot, { policyId })
      const newest = await checkpointBefore(ledger, controller, Number.MAX_SAFE_INTEGER)
      await recordExport(call, snapshot, bearer, draft)
      const log = { from: 0, to: newest?.size ?? 0, ...(newest && { checkpoint: newest.note }) }
      const { asked, created } = await askExport(ledger, snapshot, draft, bearer, log)
      onAsked()
      return { statusCode: created ? 202 : 200, body: await shownWhole(call, snapshot, bearer, asked) }
    },

    async listExports(call) {
      const { snapshot, controller } = await exporter(call)
      const { after } = parseQuery(call, exportsQuery)
      const { ledger } = call.instance
      const { exports: found, ...next } = await listExports(ledger, snapshot, after, pageLength)
      const states = await Promise.all(
        found.map(({ draft }) => latestOf(call, { controller, exportId: draft.exportId })),
      )
      return ok({ exports: found.map((asked, i) => shown(asked, states[i]?.state)), ...next })
    },

    async getExport(call) {
      const { snapshot, bearer } = await exporter(call)
      const asked = await findExport(call.instance.ledger, snapshot, named(call))
      return ok(await shownWhole(call, snapshot, bearer, asked))
    },

    async cancelExport(call) {
      const { snapshot, bearer, controller } = await exporter(call)
      const { ledger } = call.instance
      const asked = await findExport(ledger, snapshot, named(call))
      const name = { controller, exportId: asked.draft.exportId }
      await latestOf(call, name)
      await cancelExport(ledger, name)
      onAsked()
      return ok(await shownWhole(call, snapshot, bearer, asked))
    },
  } satisfies Record<string, Endpoint>

  async function shownWhole(call: Call, snapshot: ControllerSnapshot, bearer: Bearer, asked: AskedExport) {
    const { draft, requestedAt } = asked
    const name = { controller: snapshot.controller.controller, exportId: draft.exportId }
    const { state } = await latestOf(call, name)
    const answer = shown(asked, state)
    const { afterPart } = call.route.id === 'getExport' ? parseQuery(call, exportPartsQuery) : {}
    const isKept = call.instance.ledger.clock() < Date.parse(requestedAt) + transferFilesKeptDays * 86_400_000
    // Those who wait for it ask again and again, and each answer with URLs is a read.
    const hasEnded = state.state === 'done' || state.state === 'failed'
    const mayFetch = isKept && hasEnded && mayName(draft, bearer)
    // The request was recorded already.
    if (mayFetch && call.route.id !== 'makeExport') await recordExport(call, snapshot, bearer, draft)
    const parts: object[] = []
    let last: number | undefined
    for await (const { number, piece } of writtenPieces(call.instance.ledger.entries, name, Number(afterPart ?? 0))) {
      if (piece.part === undefined) continue
      if (parts.length === partsAtOnce) return { ...answer, parts, nextPart: String(last) }
      const download = mayFetch && { download: await files.downloadUrl(exportFolder(name) + piece.part.name) }
      parts.push({ ...piece.part, ...download })
      last = number
    }
    const isThere = mayFetch && state.state === 'done'
    const manifest = isThere && { manifest: await files.downloadUrl(`${exportFolder(name)}manifest.json`) }
    return { ...answer, ...manifest, parts }
  }
}

interface Exporter {
  readonly controller: string
  readonly snapshot: ControllerSnapshot
  readonly bearer: Bearer
}

async function exporter(call: Call): Promise<Exporter> {
  const controller = parseWith(id, pathParameter(call, 'controller'))
  return { controller, ...(await controllerFor(call, controller, 'consent.export')) }
}

function named(call: Call): string {
  return parseWith(exportId, pathParameter(call, 'exportId'))
}

const mayName = ({ identifiers }: ExportDraft, { scopes }: Bearer) => identifiers !== 'clear' || scopes.has(clearScope)

function requireClear(draft: ExportDraft, bearer: Bearer): void {
  if (!mayName(draft, bearer))
    throw new LedgerError('forbidden', 'identifiers in clear need another scope', {
      ...{ field: '/identifiers', given: 'clear', allowed: [clearScope] },
    })
}

/** A read of the log's events: whom it is about is not known before it is done, and would be a row a person. */
async function recordExport(
  call: Call,
  snapshot: ControllerSnapshot,
  bearer: Bearer,
  draft: ExportDraft,
): Promise<void> {
  const { route, instance } = call
  const { ledger } = instance
  const at = timestamp(ledger.clock)
  const reader = holderIdentity('read', bearer)
  const { exportId: name, purposeId, policyId, identifiers } = draft
  const topic = { ...(purposeId !== undefined && { purposeId }), ...(policyId !== undefined && { policyId }) }
  const question = { route: route.id, exportId: name, identifiers, ...topic }
  const content = { question, reader, times: { readAt: at } }
  const made = { kind: 'read', holder: reader, at, content, paddedBytes: paddedBytes.read } as const
  // The key is random: if it exists, it is ours, and the answer to a first try was lost.
  await insertOne(ledger.entries, await makeHolderEntry(ledger, vaultScope(snapshot), made))
}

async function latestOf(call: Call, name: ExportName): Promise<Numbered<ExportState>> {
  const latest = await latestExportState(call.instance.ledger.entries, name)
  // A crash before the first state: the same request again adds it.
  if (latest === undefined) throw new LedgerError('unavailable', 'the export has no state yet; ask for it again')
  return latest
}

function shown({ draft, requestedAt, requestedBy, log: { from, to } }: AskedExport, state: ExportState | undefined) {
  if (state === undefined) throw new LedgerError('internal', 'an export without a state')
  const { exportId: name, what, format, identifiers } = draft
  const { leaves, rows, failure, manifestSha256, at } = state
  return {
    ...{ exportId: name, what, format, identifiers, state: state.state, log: { from, to } },
    progress: state.state === 'done' ? 1 : to === from ? 0 : totalOf(leaves) / (to - from),
    ...{ rows, leaves },
    ...(failure !== undefined && { failure }),
    ...(manifestSha256 !== undefined && { manifestSha256 }),
    ...{ requestedAt, requestedBy, changedAt: at },
  }
}
