/**
 * Runs a job of a stopped ledger by hand, with the handlers that run on AWS; retention goes through the whole vault, as the local server's
 * does. The reports are those of a command: a real run keeps one.
 */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createJobHandler } from '../../../functions/jobs/job-handler.ts'
import { createReleaseHandler } from '../../../functions/jobs/release.ts'
import { createSweepHandler } from '../../../functions/jobs/sweep.ts'
import type { Telemetry } from '../../../functions/telemetry.ts'
import { claimedControllers } from '../../../shared/ledger/controllers/provider-claims.ts'
import type { JobReport } from '../../../shared/ledger/jobs/job-report.ts'
import { dryRetentionJob } from '../../../shared/ledger/retention/dry-vault.ts'
import type { Clock } from '../../../shared/ledger/store.ts'
import { retainWholeVault } from '../daily-retention.ts'
import { keyFileSigner } from '../data/key-files.ts'
import { vacuumIfMarked } from '../data/vault-vacuum.ts'
import { openStoppedLedger } from '../fsck/stopped-ledger.ts'
import type { Progress } from '../progress.ts'

export const runnableJobs = ['sweep', 'release', 'retain'] as const
export type RunnableJob = (typeof runnableJobs)[number]

/** Faults are in the report. */
const silent: Telemetry = { add() {}, log() {} }

/** @throws what ended the run; its report is kept all the same */
export async function runJob(
  job: RunnableJob,
  dataFolder: string,
  dryRun: boolean,
  progress: Progress,
  clock: Clock = Date.now,
): Promise<JobReport> {
  const receiptKey = join(dataFolder, 'keys', 'receipt.key')
  const { logWriter, retentionJob, close } = await openStoppedLedger(dataFolder, clock)
  try {
    await access(receiptKey)
    const dependencies = {
      logWriter,
      // All, although the sweep asks for a part of them: the local server marks no log as due.
      controllers: () => claimedControllers(logWriter.entries),
      receiptPublicKey: (await keyFileSigner(receiptKey)).publicKey,
      telemetry: silent,
      publishEveryMs: 0,
    }
    const retain = createJobHandler('retain', { ...logWriter, telemetry: silent }, async (run, _event?: unknown) => {
      const forRun = run.dryRun ? dryRetentionJob(retentionJob) : retentionJob
      const { subjects, unreadable } = await retainWholeVault(forRun, run, (counts) => {
        progress.show(`retain: ${counts.subjects} subjects`)
        return true
      })
      if (unreadable > 0) run.telemetry.log({ level: 'error', event: 'vault-unreadable', count: unreadable })
      run.done('retained', subjects)
    })
    const handlers = { sweep: createSweepHandler(dependencies), release: createReleaseHandler(dependencies), retain }
    return await handlers[job]({ dryRun })
  } finally {
    await close()
    if (!dryRun) await vacuumIfMarked(join(dataFolder, 'vault.db'))
  }
}
