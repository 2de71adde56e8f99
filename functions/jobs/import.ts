/**
 * Each minute: carries out the imports that were started (`shared/imports/run-import.ts`). One that is longer than a run is put down before
 * Lambda would end it, and the next run goes on there; so does it for one whose run ended by a crash, a minute after its last sign of life.
 * Runs may overlap: each takes imports that no other works at.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import { type DueImport, dueImports } from '../../shared/imports/import-state.ts'
import { runImport } from '../../shared/imports/run-import.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { TransferFiles } from '../../shared/ledger/transfers/transfer-files.ts'
import type { Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'

export interface ImportDependencies {
  readonly ledger: Ledger
  readonly files: TransferFiles
  readonly telemetry: Telemetry
}

/** No chunk is begun after this time. The function's timeout is 15 minutes. */
const budgetMs = 12 * 60_000

export function createImportHandler({ ledger, files, telemetry }: ImportDependencies) {
  const { objects, clock, random } = ledger
  return createJobHandler('import', { telemetry, objects, clock, random }, async (run, _event?: unknown) => {
    const startMs = clock()
    const goesOn = () => clock() - startMs < budgetMs
    let failed = 0
    let left = 0
    let recorded = 0
    for await (const due of dueImports(ledger)) {
      run.counted('imports', 1)
      if (run.dryRun) continue
      if (!goesOn()) left++
      else {
        const carried = await carryOut({ ledger, files, goesOn }, due, run)
        recorded += carried.recorded
        if (carried.ended === 'paused') left++
        if (carried.ended === 'failed') failed++
      }
    }
    run.done('imported', recorded)
    if (left > 0) run.left(left, 'imports', 'the run of the next minute goes on where they are')
    if (failed > 0) throw new LedgerError('unavailable', `${failed} imports could not go on.`)
  })
}

async function carryOut(worker: Parameters<typeof runImport>[0], due: DueImport, run: JobRun) {
  try {
    const { ended, recorded } = await runImport(worker, due)
    if (recorded > 0) run.changed('records-imported', recorded, due.controller)
    return { ended, recorded }
  } catch (error) {
    run.telemetry.log({ level: 'error', event: 'not-imported', controller: due.controller, code: codeOf(error) })
    return { ended: 'failed' as const, recorded: 0 }
  }
}
