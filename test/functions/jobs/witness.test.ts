/** The job that asks outside witnesses: over all logs, whatever single ones do, and within its time. */
import { expect, it } from 'vitest'
import { createWitnessHandler } from '../../../functions/jobs/witness.ts'
import { type AskWitness, WitnessUnreachable } from '../../../shared/ledger/log/ask-witnesses.ts'
import { cosignedPk } from '../../../shared/ledger/log/cosignatures.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { objectCache } from '../../../shared/ledger/object-cache.ts'
import { formatSignatureLine } from '../../../shared/tlog/add-checkpoint.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { signatureOf, witness } from '../../shared/tlog/signing.ts'
import { recordedTelemetry } from '../../support/recorded-telemetry.ts'
import { controller, sampleLog } from '../../support/sample-log.ts'

const north = witness('witness.example/north')

async function world(answer?: () => never) {
  const sample = sampleLog()
  await sequenceEntries(sample, controller, await sample.store(0, 3), newSequencerMemory())
  await publishCheckpoint(sample, controller)
  let asked = 0
  const ask: AskWitness = async (_url, { checkpoint }) => {
    asked++
    answer?.()
    const seconds = sample.clock() / 1000
    return { says: 'cosigned', body: formatSignatureLine(signatureOf(north, parseNote(checkpoint).text, seconds)) }
  }
  const telemetry = recordedTelemetry()
  const witnesses = [{ key: north.key, url: 'https://witness.example' }]
  const round = { ...sample, cached: objectCache(), witnesses, ask, deadlineMs: 1_000 }
  const controllers = ['never-created', controller]
  const run = createWitnessHandler({ round, random: sample.random, controllersOf: async () => controllers, telemetry })
  const cosigned = async () => (await sample.log.query(cosignedPk(controller))).items.length
  const lines = () => telemetry.logged.map(({ line: { level, event, code, check } }) => ({ level, event, code, check }))
  return { sample, run, cosigned, lines, asked: () => asked }
}

it('asks about each log, and about none that has not grown', async () => {
  const { run, cosigned, asked } = await world()
  expect(await run({ startedBy: 'schedule' })).toMatchObject({ outcome: 'done', counts: { asked: 1, cosignatures: 1 } })
  expect(await run({ startedBy: 'schedule' })).toMatchObject({ counts: { asked: 0, cosignatures: 0 } })
  expect([await cosigned(), asked()]).toEqual([1, 1])
})

it('asks nobody in a dry run, since a cosignature cannot be taken back', async () => {
  const { run, cosigned, asked } = await world()
  expect(await run({ dryRun: true })).toMatchObject({ outcome: 'done', dryRun: true })
  expect([await cosigned(), asked()]).toEqual([0, 0])
})

it('writes a line for a witness that is silent, and is done', async () => {
  const { run, lines } = await world(() => {
    throw new WitnessUnreachable('timeout')
  })
  expect(await run({ startedBy: 'schedule' })).toMatchObject({ outcome: 'done', findings: [] })
  expect(lines()[0]).toEqual({ level: 'info', event: 'not-witnessed', code: 'timeout', check: north.key.name })
})

it('fails, after all logs, when a log itself cannot be read', async () => {
  const { sample, run, lines } = await world()
  sample.fault = (_, { pk }) => (pk.startsWith('never-created') ? 'before' : undefined)
  await expect(run({ startedBy: 'schedule' })).rejects.toThrow('could not be shown')
  expect(lines()).toContainEqual(expect.objectContaining({ level: 'error', event: 'not-witnessed' }))
  expect(lines().at(-1)).toMatchObject({ event: 'witnessed' })
})
