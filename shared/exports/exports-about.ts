/**
 * Which exports may have had a person: those whose range of leaves has an event of theirs that fits the filters. It is computed when somebody
 * asks, so no row for each person in each export is needed. It errs on the side of naming an export: an event whose keys are gone may have fitted, and of an
 * export of statuses it is not known which statuses it left out.
 */
import type { ExportDraft } from '../api/schemas/exports.ts'
import type { Identity } from '../consent/event.ts'
import { storedEvents } from '../ledger/answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../ledger/controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { OpenedEvent } from '../ledger/recording/sealed-event.ts'
import { transferFilesKeptDays } from '../ledger/transfers/transfer-files.ts'
import { wantsEvent } from './event-rows.ts'
import { type AskedExport, latestExportState, listExports } from './export-state.ts'

export interface ExportAbout extends Pick<ExportDraft, 'exportId' | 'what' | 'format' | 'identifiers'> {
  readonly requestedAt: string
  readonly requestedBy: AskedExport['requestedBy']
  /** When the ledger's own copy of the files goes, if it is there. */
  readonly keptUntil: string
}

/** @returns `unknown` where there are exports, and it cannot be told which had the person, because the ledger does not know them (any more) */
export async function exportsAbout(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
): Promise<readonly ExportAbout[] | 'unknown'> {
  const done = await exportsWithRows(ledger, snapshot)
  if (done.length === 0) return []
  const { subject, opened, closed, unreadableRows } = await storedEvents(ledger, snapshot, identity)
  if (subject === undefined) return 'unknown'
  const others = [...closed, ...unreadableRows]
  const keys = [...opened.map(({ key }) => key), ...others.map(({ pk, sk }) => ({ pk, sk }))]
  const rows = await ledger.log.get(keys)
  const events = keys.map((_, i) => ({ index: Number(rows[i]?.values.index ?? Number.NaN), opened: opened[i] }))
  return done.filter((asked) => events.some((event) => mayHaveHad(asked, event))).map(about)
}

/** Those that wrote something, whatever became of them after it. */
async function exportsWithRows(ledger: Ledger, snapshot: ControllerSnapshot): Promise<AskedExport[]> {
  const { controller } = snapshot.controller
  const found: AskedExport[] = []
  let after: string | undefined
  do {
    const page = await listExports(ledger, snapshot, after, 100)
    const states = page.exports.map(({ draft: { exportId } }) =>
      latestExportState(ledger.entries, { controller, exportId }),
    )
    const latest = await Promise.all(states)
    // A running one may be writing its first rows.
    found.push(
      ...page.exports.filter((_, i) => (latest[i]?.state.rows ?? 0) > 0 || latest[i]?.state.state === 'running'),
    )
    after = page.next
  } while (after !== undefined)
  return found
}

function mayHaveHad(
  { draft, log }: AskedExport,
  { index, opened }: { readonly index: number; readonly opened: OpenedEvent | undefined },
): boolean {
  if (!(index >= log.from && index < log.to)) return false
  return draft.what === 'statuses' || opened === undefined || wantsEvent(opened.event, draft)
}

function about({ draft, requestedAt, requestedBy }: AskedExport): ExportAbout {
  const { exportId, what, format, identifiers } = draft
  const kept = new Date(Date.parse(requestedAt) + (transferFilesKeptDays + 1) * 86_400_000)
  return { exportId, what, format, identifiers, requestedAt, requestedBy, keptUntil: kept.toISOString() }
}
