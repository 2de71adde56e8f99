/** Witnesses of a ledger on one machine: how they are named on the command line, and that the same answer is printed once. */
import { afterEach, expect, it, vi } from 'vitest'
import { readWitnesses, startWitnessing } from '../../../infra/local/witness-runner.ts'
import { openLog } from '../../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { formatVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { witness } from '../../shared/tlog/signing.ts'
import { memoryLedger, seeded } from '../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../support/memory-log-writer.ts'

const vkey = formatVerifierKey(witness('witness.example/north').key)
afterEach(() => void vi.restoreAllMocks())

it('are a key and an address, separated by commas', () => {
  const [north, ...more] = readWitnesses(`${vkey} http://localhost:7380/,`)
  expect([north?.url, more]).toEqual(['http://localhost:7380', []])
  expect(readWitnesses(undefined)).toEqual([])
})

it.each([
  ['an address in clear', `${vkey} http://witness.example`],
  ['no address', vkey],
  ['no key', 'https://witness.example'],
])('are refused with %s', (_, text) => {
  expect(() => readWitnesses(text)).toThrow(/^--witness/)
})

it('say once what they keep on doing wrong', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
  const ledger = memoryLedger('2026-11-22T12:00:00.000Z')
  const logWriter = memoryLogWriter(ledger)
  await seeded(ledger)
  await openLog(logWriter, 'acme')
  const key = { pk: 'acme#policy#privacy', sk: 'version#1' }
  await sequenceEntries(logWriter, 'acme', [{ key }], newSequencerMemory())
  await publishCheckpoint(logWriter, 'acme')
  let asked = 0
  const ask = async () => {
    asked++
    return { says: 'untrusted-key' } as const
  }
  const running = startWitnessing(ledger, readWitnesses(`${vkey} https://witness.example`), ask)
  await running.run()
  await running.run()
  await running.close()
  expect(asked).toBe(2)
  expect(printed.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
    expect.objectContaining({ event: 'not-witnessed', code: 'untrusted-key', check: 'witness.example/north' }),
  ])
})
