/** The retention of a local ledger: what its report says, and that one without anything to say is not kept. */
import { expect, it } from 'vitest'
import { startRetention } from '../../../infra/local/daily-retention.ts'
import { readReport, reportFolder } from '../../../shared/ledger/jobs/stored-reports.ts'
import { memoryLedger, seeded } from '../../support/memory-ledger.ts'
import { memoryRetainer } from '../../support/memory-vault.ts'

const now = '2026-11-22T12:00:00.000Z'

it('reports rows that no controller can open, and keeps no report when there is nothing to say', async () => {
  const ledger = memoryLedger(now)
  await seeded(ledger)
  const retention = startRetention(memoryRetainer(ledger), ledger.objects)
  await retention.run()
  expect(await ledger.objects.first(reportFolder('retain'))).toBeUndefined()
  await ledger.vault.insert([
    { pk: 'planted', sk: 'subject', values: { controller: 'nobody', sub: new Uint8Array(60) } },
  ])
  await retention.run()
  await retention.close()
  const name = (await ledger.objects.first(reportFolder('retain'))) ?? ''
  expect(readReport((await ledger.objects.get(name)) ?? Buffer.of())).toEqual({
    v: 1,
    ...{ job: 'retain', dryRun: false, startedBy: 'schedule', startedAt: now, endedAt: now, outcome: 'done' },
    ...{ counts: { subjects: 1 }, changes: [] },
    findings: [{ finding: 'vault-unreadable', count: 1 }],
  })
})
