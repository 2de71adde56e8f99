/** A drill of a restore that keeps its report, as the jobs of the ledger do. A drill whose report cannot be stored is done all the same. */
import { reportedRun } from '../../shared/ledger/jobs/reported-run.ts'
import type { Clock, Objects, Randomness } from '../../shared/ledger/store.ts'
import { type DrillDependencies, type DrillOptions, restoreDrill, type StepReport } from './restore-drill.ts'

export interface ReportedDrillDependencies extends DrillDependencies {
  readonly objects: Pick<Objects, 'put'>
  readonly clock: Clock
  readonly random: Randomness
  readonly onUnkept: (error: Error) => void
}

export async function reportedDrill(
  { objects, clock, random, onUnkept, ...deps }: ReportedDrillDependencies,
  options: DrillOptions,
): Promise<readonly StepReport[]> {
  const { recovery } = deps
  const put: Objects['put'] = (name, bytes) => objects.put(name, bytes).catch(onUnkept)
  const run = { job: 'restore', dryRun: options.isDryRun, startedBy: 'command' } as const
  return reportedRun(run, { objects: { put }, clock, random }, async (draft) => {
    const restore: typeof recovery.restore = async (...given) => {
      await recovery.restore(...given)
      draft.changed('tables-restored', 1)
    }
    const steps = await restoreDrill({ ...deps, recovery: { ...recovery, restore } }, options)
    for (const { step, outcome } of steps)
      if (outcome === 'failed') draft.found({ finding: 'step-failed', count: 1, check: step })
    return steps
  })
}
