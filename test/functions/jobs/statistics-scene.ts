/** A log with two days, of which one is complete: what the job `statistics` has to count. */
import { createStatisticsHandler } from '../../../functions/jobs/statistics.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { memorySubjectFinder } from '../../support/memory-finder.ts'
import { seeded, submission } from '../../support/memory-ledger.ts'
import type { World } from './job-world.ts'

export async function statisticsScene({ ledger, vault, job, telemetry, objects }: World) {
  const snapshot = await seeded(ledger)
  for (const [day, people] of [
    ['2026-12-01', 12],
    ['2026-12-02', 1],
  ] as const) {
    const occurredAt = `${day}T12:00:00.000Z`
    ledger.setNow(occurredAt)
    const given = Array.from({ length: people }, (_, n) =>
      submission({ eventId: `${day}-${n}`, occurredAt }, { identity: { type: 'email', id: `${n}` } }),
    )
    const { outcomes } = await recordEvents(ledger, snapshot, given)
    const recorded = outcomes.flatMap((each) => (each.outcome === 'recorded' ? [each.opened] : []))
    await sequenceEntries(job.logWriter, 'acme', recorded, newSequencerMemory())
  }
  const statisticsJob = { ...ledger, finder: memorySubjectFinder(vault) }
  const controllersOf = async () => ['acme', 'new']
  return { run: createStatisticsHandler({ statisticsJob, controllersOf, telemetry, objects }), event: {} }
}
