/**
 * Each minute: carries out the exports that wait, and removes the files of cancelled ones. Where there is none a run ends at once. Two runs do not
 * hinder each other (`shared/exports/run-export.ts`). A run in which an export failed fails, after it has carried out the others. A dry run says
 * how many wait.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import { dueExports } from '../../shared/exports/export-state.ts'
import { runExport } from '../../shared/exports/run-export.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { SubjectFinder } from '../../shared/ledger/store.ts'
import type { TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'
import type { Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'

export interface ExportDependencies {
  readonly ledger: Ledger
  readonly finder: SubjectFinder
  readonly files: TransferFiles
  readonly telemetry: Telemetry
}

/** No piece is begun after this time. The function's timeout is 15 minutes. */
const budgetMs = 12 * 60_000
/** Longer than a piece takes, and shorter than people wait who watch a worker that was killed. */
const silentMs = 4 * 60_000

export function createExportHandler(job: ExportDependencies) {
  const { clock, random, objects } = job.ledger
  return createJobHandler('export', { telemetry: job.telemetry, objects, clock, random }, (run, _event?: unknown) =>
    exportAll(job, run),
  )
}

async function exportAll({ ledger, finder, files }: ExportDependencies, run: JobRun): Promise<void> {
  const startMs = ledger.clock()
  const goesOn = () => ledger.clock() - startMs < budgetMs
  const worker = { ledger, finder, files, silentMs, goesOn }
  let [ended, waiting, failed] = [0, 0, 0]
  for await (const due of dueExports(ledger, silentMs)) {
    if (run.dryRun || !goesOn()) waiting++
    else {
      try {
        if (await runExport(worker, due)) ended++
        else waiting++
      } catch (error) {
        // It must not hold up the others.
        failed++
        run.telemetry.log({ level: 'error', event: 'not-exported', controller: due.controller, code: codeOf(error) })
      }
    }
  }
  run.counted('exports', ended)
  if (waiting > 0) run.left(waiting, 'exports', 'the next run goes on with them')
  run.done(waiting > 0 ? 'exported-in-part' : 'exported', ended)
  if (failed > 0) throw new LedgerError('unavailable', `${failed} exports could not go on.`)
}
