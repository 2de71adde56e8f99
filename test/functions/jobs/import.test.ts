/** The job that carries imports out, in memory: what it reports, and what a dry run, a failure and the end of its time leave. */
import { expect, it } from 'vitest'
import { createImportHandler } from '../../../functions/jobs/import.ts'
import type { ImportDraft } from '../../../shared/api/schemas/imports.ts'
import {
  addImportState,
  askImport,
  filesOf,
  latestImportState,
  makeDue,
  queuedState,
} from '../../../shared/imports/import-state.ts'
import { memoryFiles } from '../../support/memory-files.ts'
import { memoryLedger, seeded } from '../../support/memory-ledger.ts'
import { recordedTelemetry } from '../../support/recorded-telemetry.ts'
import { bySchedule } from '../../support/scheduled-run.ts'

const at = '2026-11-22T10:00:00.000Z'
const importId = (n: number) => `2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a1${n}`

async function world(count: number) {
  const ledger = memoryLedger(at)
  const snapshot = await seeded(ledger)
  const files = memoryFiles()
  const telemetry = recordedTelemetry()
  for (let n = 0; n < count; n++) {
    const consents = { purposes: [{ id: 'newsletter', enabled: false }] }
    const event = { id: `e${n}`, created_at: '2025-03-04T12:30:00Z', user: { id: `u${n}` }, consents }
    const named = [{ name: 'a.ndjson', bytes: 9 }]
    const draft: ImportDraft = {
      ...{ importId: importId(n), system: 'didomi', site: 'web', format: 'didomi', files: named },
    }
    await askImport(ledger, snapshot, draft, { issuer: 'urn:test', subject: 'anna' })
    files.stored.set(filesOf('acme', importId(n)).upload(0), Buffer.from(JSON.stringify(event)))
    await makeDue(ledger, { controller: 'acme', importId: importId(n) })
    const latest = await latestImportState(ledger.entries, 'acme', importId(n))
    if (latest === undefined) throw new Error('it was asked for')
    await addImportState(ledger.entries, 'acme', importId(n), {
      number: 2,
      state: queuedState(latest.state, false, at),
    })
  }
  const stateOf = async (n: number) => (await latestImportState(ledger.entries, 'acme', importId(n)))?.state.state
  return { ledger, files, telemetry, stateOf, run: createImportHandler({ ledger, files, telemetry }) }
}

it('carries out all that was started, and has nothing to do then', async () => {
  const { run, stateOf } = await world(2)
  const report = await run(bySchedule)
  expect(report).toMatchObject({ outcome: 'done', counts: { imports: 2 } })
  expect(report.changes).toEqual([{ change: 'records-imported', count: 2, controller: 'acme' }])
  expect([await stateOf(0), await stateOf(1)]).toEqual(['done', 'done'])
  expect(await run(bySchedule)).toMatchObject({ outcome: 'done', changes: [], counts: {} })
})

it('counts what waits in a dry run, and does nothing', async () => {
  const { run, stateOf } = await world(2)
  expect(await run({ dryRun: true })).toMatchObject({ dryRun: true, counts: { imports: 2 }, changes: [] })
  expect([await stateOf(0), await stateOf(1)]).toEqual(['queued', 'queued'])
})

it('goes on with the others when one fails, names it, and fails in the end', async () => {
  const { run, files, telemetry, stateOf } = await world(2)
  const list = files.list
  Object.assign(files, {
    list: async (folder: string) => {
      if (folder.includes(importId(0))) throw Object.assign(new Error('secret'), { name: 'Unreachable' })
      return list(folder)
    },
  })
  await expect(run(bySchedule)).rejects.toMatchObject({ code: 'unavailable' })
  expect([await stateOf(0), await stateOf(1)]).toEqual(['running', 'done'])
  const lines = JSON.stringify(telemetry.logged)
  expect(lines).toContain('"event":"not-imported","controller":"acme","code":"Unreachable"')
  expect(lines).not.toContain('secret')
})

it('says what it left when its time was up', async () => {
  const { run, ledger, files } = await world(2)
  const list = files.list
  Object.assign(files, {
    list: async (folder: string) => {
      ledger.setNow('2026-11-22T10:13:00.000Z')
      return list(folder)
    },
  })
  expect(await run(bySchedule)).toMatchObject({ outcome: 'in-part', left: { count: 1, of: 'imports' } })
  expect((await run(bySchedule)).outcome).toBe('done')
})
