/** The job that carries exports out, in memory: one that fails does not hold up the others, and the run fails in the end. */
import { expect, it } from 'vitest'
import { createExportHandler } from '../../../functions/jobs/export.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { latestExportState } from '../../../shared/exports/export-state.ts'
import { ask, draftOf, workerOn } from '../../shared/exports/exported.ts'
import { emptyWorld } from '../../shared/exports/world.ts'
import { recordedTelemetry } from '../../support/recorded-telemetry.ts'
import { bySchedule } from '../../support/scheduled-run.ts'

const exportId = (n: number) => `2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a1${n}`

async function world(error: Error) {
  const made = await emptyWorld('2026-11-22T10:00:00.000Z')
  await made.settle()
  for (const n of [0, 1]) await ask(made, draftOf({ exportId: exportId(n) }))
  const { ledger, finder, files } = workerOn(made)
  const { write } = files
  Object.assign(files, {
    write: async (...given: Parameters<typeof write>) => {
      if (given[0].includes(exportId(0))) throw error
      return write(...given)
    },
  })
  const telemetry = recordedTelemetry()
  const stateOf = async (n: number) =>
    (await latestExportState(made.entries, { controller: 'acme', exportId: exportId(n) }))?.state.state
  return { telemetry, stateOf, run: createExportHandler({ ledger, finder, files, telemetry }) }
}

it.each([
  ['no error of the ledger', Object.assign(new Error('secret'), { name: 'Unreachable' }), 'Unreachable', 'running'],
  ['one that no retry helps', new LedgerError('internal', 'secret'), 'internal', 'failed'],
])('goes on with the others when one fails by %s, names it, and fails in the end', async (_, error, code, state) => {
  const { run, telemetry, stateOf } = await world(error)
  await expect(run(bySchedule)).rejects.toMatchObject({ code: 'unavailable' })
  expect([await stateOf(0), await stateOf(1)]).toEqual([state, 'done'])
  const lines = JSON.stringify(telemetry.logged)
  expect(lines).toContain(`"event":"not-exported","controller":"acme","code":"${code}"`)
  expect(lines).not.toContain('secret')
})
