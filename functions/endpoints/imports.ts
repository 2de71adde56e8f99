/**
 * Imports, for tokens with scope `consent.import`: asks for one, starts it, shows how far it is, cancels it. Each of the three acts has an entry that
 * names its actor. The files go to and from storage by URLs; no handler sees them. A worker does the rest (`functions/jobs/import.ts`).
 */
import { importDraft, importId, importStart, importsQuery } from '../../shared/api/schemas/imports.ts'
import { id } from '../../shared/api/schemas/scalars.ts'
import { digestOf } from '../../shared/consent/published-leaf.ts'
import { LedgerError } from '../../shared/errors.ts'
import { removeReports, removeUploads } from '../../shared/imports/import-files.ts'
import {
  type AskedImport,
  addImportState,
  askImport,
  filesOf,
  findImport,
  type ImportState,
  latestImportState,
  listImports,
  makeDue,
  queuedState,
} from '../../shared/imports/import-state.ts'
import { recordAct } from '../../shared/ledger/controllers/administrative-acts.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import type { Numbered } from '../../shared/ledger/transfers/numbered-progress.ts'
import type { TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'
import { controllerFor } from '../http/access.ts'
import { type Call, type Endpoint, ok, parseBody, parseQuery, parseWith, pathParameter } from '../http/call.ts'
import type { Bearer } from '../http/tokens.ts'
import { requireDeclared } from './declared-names.ts'

const pageLength = 50

interface Importer {
  readonly snapshot: ControllerSnapshot
  readonly bearer: Bearer
}

/** @param onQueued called when there is something to do, where the worker is in the same process */
export function importEndpoints(files: TransferFiles, onQueued: () => void = () => {}) {
  return {
    async makeImport(call) {
      const { snapshot, bearer } = await importer(call)
      const draft = parseBody(call, importDraft)
      const { site, purposes = {}, policy } = draft
      const declared = [...new Set(Object.values(purposes))].flatMap((purposeId) =>
        purposeId === null ? [] : [{ purposeId, field: '/purposes' }],
      )
      await requireDeclared(call, snapshot, declared)
      if (policy !== undefined && !snapshot.policies.has(policy.policyId))
        throw new LedgerError('unknown-policy', 'this controller has no such policy', {
          ...{ field: '/policy/policyId', given: policy.policyId, allowed: [...snapshot.policies.keys()].sort() },
        })
      const known = snapshot.sites.get(site)
      if (known === undefined || known.revokedAt !== undefined)
        throw new LedgerError('invalid-request', 'the controller has no such site, or it was revoked', {
          ...{ field: '/site', given: site, allowed: [...snapshot.sites.keys()].sort() },
        })
      await recordImportAct(call, { snapshot, bearer }, draft.importId, draft)
      const { asked, created } = await askImport(call.instance.ledger, snapshot, draft, bearer)
      return { statusCode: created ? 202 : 200, body: await shownWhole(call, snapshot, asked) }
    },

    async listImports(call) {
      const { snapshot } = await importer(call)
      const { after } = parseQuery(call, importsQuery)
      const { ledger } = call.instance
      const { imports, ...next } = await listImports(ledger, snapshot, after, pageLength)
      const states = await Promise.all(imports.map((asked) => latestOf(call, snapshot, asked.draft.importId)))
      return ok({ imports: imports.map((asked, i) => shown(asked, stateAt(states, i))), ...next })
    },

    async getImport(call) {
      const { snapshot } = await importer(call)
      return ok(await shownWhole(call, snapshot, await findImport(call.instance.ledger, snapshot, named(call))))
    },

    async startImport(call) {
      const { snapshot, bearer } = await importer(call)
      const { dryRun = false } = parseBody(call, importStart)
      const { ledger } = call.instance
      const asked = await findImport(ledger, snapshot, named(call))
      const { controller } = snapshot.controller
      const { importId: name } = asked.draft
      const latest = await latestOf(call, snapshot, name)
      // A start that was answered with nothing is repeated, and one from days ago is looked for again.
      const isUnderWay = ['queued', 'running'].includes(latest.state.state) && (latest.state.dryRun ?? false) === dryRun
      if (!isUnderWay) {
        if (!['awaiting-files', 'checked'].includes(latest.state.state))
          throw wrongState(latest, ['awaiting-files', 'checked'])
        const missing = (await missingFiles(controller, asked)).map((file) => asked.draft.files[file]?.name)
        if (missing.length > 0)
          throw new LedgerError('invalid-request', 'files of the import are missing: PUT them to their URLs first', {
            field: '/files',
            given: `${missing.length} missing`,
          })
        await recordImportAct(call, { snapshot, bearer }, name, { importId: name, dryRun })
        await removeReports(files, filesOf(controller, name))
        await makeDue(ledger, { controller, importId: name })
        const state = queuedState(latest.state, dryRun, timestamp(ledger.clock))
        if (!(await addImportState(ledger.entries, controller, name, { number: latest.number + 1, state })))
          throw changed()
      } else await makeDue(ledger, { controller, importId: name })
      onQueued()
      return { statusCode: isUnderWay ? 200 : 202, body: await shownWhole(call, snapshot, asked) }
    },

    async cancelImport(call) {
      const { snapshot, bearer } = await importer(call)
      const { ledger } = call.instance
      const asked = await findImport(ledger, snapshot, named(call))
      const { controller } = snapshot.controller
      const { importId: name } = asked.draft
      await recordImportAct(call, { snapshot, bearer }, name, { importId: name })
      await cancelled(call, snapshot, name)
      await removeUploads(files, filesOf(controller, name), asked.draft.files.length)
      return ok(await shownWhole(call, snapshot, asked))
    },
  } satisfies Record<string, Endpoint>

  async function missingFiles(controller: string, { draft }: AskedImport): Promise<number[]> {
    const { upload } = filesOf(controller, draft.importId)
    const sizes = await Promise.all(draft.files.map((_, file) => files.size(upload(file))))
    return sizes.flatMap((size, file) => (size === draft.files[file]?.bytes ? [] : [file]))
  }

  async function shownWhole(call: Call, snapshot: ControllerSnapshot, asked: AskedImport): Promise<object> {
    const { controller } = snapshot.controller
    const places = filesOf(controller, asked.draft.importId)
    const latest = await latestOf(call, snapshot, asked.draft.importId)
    const uploads = new Map<number, object>()
    if (latest.state.state === 'awaiting-files') {
      for (const file of await missingFiles(controller, asked))
        uploads.set(file, await files.uploadUrl(places.upload(file), asked.draft.files[file]?.bytes ?? 0))
    }
    return {
      ...shown(asked, latest, uploads),
      ...(latest.state.hasReport && { report: await files.downloadUrl(places.report) }),
      ...(latest.state.hasPreview && { preview: await files.downloadUrl(places.preview) }),
    }
  }
}

async function importer(call: Call): Promise<Importer> {
  return controllerFor(call, parseWith(id, pathParameter(call, 'controller')), 'consent.import')
}

function named(call: Call): string {
  return parseWith(importId, pathParameter(call, 'importId'))
}

function recordImportAct(call: Call, { snapshot, bearer }: Importer, name: string, content: object): Promise<void> {
  const act = { route: call.route.id, target: { importId: name }, content: digestOf(content) }
  return recordAct(call.instance.ledger, snapshot, holderIdentity('act', bearer), act)
}

async function latestOf(call: Call, snapshot: ControllerSnapshot, name: string): Promise<Numbered<ImportState>> {
  const { controller } = snapshot.controller
  const latest = await latestImportState(call.instance.ledger.entries, controller, name)
  // A crash before the first state: the same request again adds it.
  if (latest === undefined) throw new LedgerError('unavailable', 'the import has no state yet; ask for it again')
  return latest
}

/** Goes on until its state is the newest, because a worker adds states meanwhile. */
async function cancelled(call: Call, snapshot: ControllerSnapshot, name: string): Promise<void> {
  const { entries, clock } = call.instance.ledger
  const { controller } = snapshot.controller
  for (let tries = 0; tries < 20; tries++) {
    const latest = await latestOf(call, snapshot, name)
    if (latest.state.state === 'cancelled') return
    if (['done', 'failed'].includes(latest.state.state))
      throw wrongState(latest, ['awaiting-files', 'queued', 'running', 'checked'])
    const state = { ...latest.state, state: 'cancelled' as const, at: timestamp(clock) }
    if (await addImportState(entries, controller, name, { number: latest.number + 1, state })) return
  }
  throw changed()
}

function wrongState({ state }: Numbered<ImportState>, allowed: readonly string[]): LedgerError {
  return new LedgerError('already-exists', 'the import is in a state in which this cannot be done', {
    given: state.state,
    allowed,
  })
}

function changed(): LedgerError {
  return new LedgerError('unavailable', 'the state of the import changed meanwhile; send the request again')
}

function stateAt(states: readonly Numbered<ImportState>[], i: number): Numbered<ImportState> {
  const state = states[i]
  if (state === undefined) throw new LedgerError('internal', 'an import without a state')
  return state
}

function shown(
  { draft, requestedAt, requestedBy }: AskedImport,
  { state }: Numbered<ImportState>,
  uploads: ReadonlyMap<number, object> = new Map(),
): object {
  const { importId: name, system, site, format, files, notify = false } = draft
  const { dryRun = false, counters, errors, failure, at } = state
  return {
    ...{ importId: name, system, site, format, notify, state: state.state, dryRun },
    files: files.map((file, i) => ({
      ...{ name: file.name, bytes: file.bytes },
      ...(uploads.has(i) && { upload: uploads.get(i) }),
    })),
    ...{ counters, progress: progressOf(draft.files, state), errors },
    ...(failure !== undefined && { failure }),
    ...{ requestedAt, requestedBy, changedAt: at },
  }
}

/** By the bytes that were read, between 0 and 1. */
function progressOf(files: readonly { readonly bytes: number }[], { state, position }: ImportState): number {
  if (state === 'done' || state === 'checked') return 1
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const before = files.slice(0, position.file).reduce((sum, { bytes }) => sum + bytes, 0)
  return Math.min(1, Math.round(((before + position.bytes) / total) * 1e4) / 1e4)
}
