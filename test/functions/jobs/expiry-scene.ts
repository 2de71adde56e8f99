/** A consent that ends in a day, and an endpoint that wants to hear of it two days before: what the job `expiry` has to announce. */
import { createExpiryHandler } from '../../../functions/jobs/expiry.ts'
import { makeEndpoint } from '../../../shared/ledger/fan-out/manage-endpoints.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { vaultScope } from '../../../shared/ledger/vault/subject-keys.ts'
import { memorySubjectFinder } from '../../support/memory-finder.ts'
import { seeded, submission } from '../../support/memory-ledger.ts'
import type { World } from './job-world.ts'

export async function expiryScene({ ledger, vault, job, telemetry, objects }: World) {
  const snapshot = await seeded(ledger)
  const occurredAt = '2026-11-22T12:00:00.000Z'
  const shown = [{ policyId: 'privacy', version: '1', locale: 'en' }]
  const given = submission(
    { eventId: 'yes', occurredAt, shown, act: 'button' },
    { identity: { type: 'email', id: 'ada@example.org' }, assurance: 'authenticated' },
  )
  const { outcomes } = await recordEvents(ledger, snapshot, [given])
  const recorded = outcomes.flatMap((each) => (each.outcome === 'recorded' ? [each.opened] : []))
  await sequenceEntries(job.logWriter, 'acme', recorded, newSequencerMemory())
  ledger.setNow('2027-11-21T12:00:00.000Z')
  const settings = {
    url: 'https://crm.example/',
    types: ['consent.expiring'],
    expiringDays: 2,
    payload: 'thin',
    state: 'enabled',
  } as const
  const by = { issuer: 'urn:test', client: 'administrator' }
  await makeEndpoint(ledger, vaultScope(snapshot), { endpoint: 'crm', ...settings }, by)
  const expiryJob = { ledger, finder: memorySubjectFinder(vault) }
  const controllersOf = async () => ['acme', 'new']
  return { run: createExpiryHandler({ expiryJob, controllersOf, telemetry, objects }), event: {} }
}
