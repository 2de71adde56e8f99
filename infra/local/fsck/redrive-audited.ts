/**
 * The redrive after a self-audit, on one machine, only into logs that the audit found sound. A dry run writes nothing, and its result is what
 * a real run would do; a real run keeps its report (`npm run operations`), also when it failed.
 */
import type { CheckId } from '../../../shared/ledger/audit/findings.ts'
import { reportedRun } from '../../../shared/ledger/jobs/reported-run.ts'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import { dryLogWriter } from '../../../shared/ledger/log/dry-log-writer.ts'
import { controllerOf } from '../../../shared/ledger/log/log-items.ts'
import { notePublication } from '../../../shared/ledger/log/publication-report.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { type Redriven, redriveEntries } from '../../../shared/ledger/log/redrive-entries.ts'
import type { Key } from '../../../shared/ledger/store.ts'

export type RedrivenByController = Readonly<Record<string, Redriven | { readonly refused: string }>>

export interface AuditedLogs {
  readonly controllers: Iterable<string>
  readonly unsequenced: readonly Key[]
  /** By controller, the check that its log failed. */
  readonly damaged: ReadonlyMap<string, CheckId>
}

export async function redriveAudited(
  logWriter: LogWriter,
  { controllers, unsequenced, damaged }: AuditedLogs,
  dryRun: boolean,
): Promise<RedrivenByController> {
  const forRun = dryRun ? dryLogWriter(logWriter) : { logWriter, publish: publishCheckpoint }
  return reportedRun({ job: 'fsck', dryRun, startedBy: 'command' }, logWriter, async (draft) => {
    const redriven: Record<string, RedrivenByController[string]> = {}
    for (const controller of controllers) {
      const damage = damaged.get(controller)
      if (damage) {
        draft.found({ finding: 'not-redriven', count: 1, controller, check: damage })
        redriven[controller] = {
          refused: `its log is damaged (${damage}): nothing is added to it before a person has looked`,
        }
        continue
      }
      const own = unsequenced.filter((key) => controllerOf(key) === controller)
      const done = await redriveEntries(forRun.logWriter, controller, own, forRun.publish)
      redriven[controller] = done
      draft.changed('entries-sequenced', done.indexed, controller)
      draft.changed('index-rows-inserted', done.completed, controller)
      notePublication(draft, controller, done)
    }
    return redriven
  })
}
