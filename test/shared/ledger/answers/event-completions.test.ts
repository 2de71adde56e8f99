/** What an auditor reads of receivers' reports, however many there are of a person. */
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { completionsForEvents } from '../../../../shared/ledger/answers/event-completions.ts'
import { completionKey, recordCompletion } from '../../../../shared/ledger/fan-out/completions.ts'
import { outcomeItem } from '../../../../shared/ledger/fan-out/delivery-state.ts'
import { makeEndpoint } from '../../../../shared/ledger/fan-out/manage-endpoints.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import { receiptIdOf } from '../../../../shared/ledger/recording/sealed-event.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'

const at = (hour: number) => `2026-12-01T${hour}:00:00.000Z`
const topic = { purposeId: 'newsletter' }

async function withdrawn() {
  const ledger = memoryLedger(at(10))
  await seeded(ledger)
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no controller')
  const scope = vaultScope(snapshot)
  const by = { issuer: 'urn:test', client: 'administrator' }
  const types = ['consent.withdrawn'] as const
  const settings = { endpoint: 'crm', url: 'https://crm.example/', types, payload: 'thin', state: 'enabled' } as const
  await makeEndpoint(ledger, scope, { ...settings, completionHours: 1 }, by)
  const event = { eventId: randomUUID(), occurredAt: at(10), decisions: [{ ...topic, verb: 'withdrawn' as const }] }
  const received = submission(event, { identity: { type: 'account', id: 'kim' } })
  const [outcome] = (await recordEvents(ledger, snapshot, [received])).outcomes
  if (outcome?.outcome !== 'recorded') throw new Error('not recorded')
  const { opened } = outcome
  // A leaf before it, so that there can be earlier reports.
  const before = { key: { pk: 'acme#else', sk: 'entry' }, leaf: '{}' }
  await sequenceEntries(memoryLogWriter(ledger), 'acme', [before, opened], newSequencerMemory())
  const [row] = await ledger.log.get([opened.key])
  const place = { controller: 'acme', endpoint: 'crm', leaf: Number(row?.values.index), part: 0 }
  const settled = { outcome: 'delivered', redelivery: 0, attempts: 1, at: at(10), dueAt: at(11), ...place } as const
  await ledger.entries.insert([outcomeItem('acme', 'crm', settled)])
  const sub = opened.key.pk.slice('acme#'.length)
  const seen = async (knownAt = at(14)) =>
    (await completionsForEvents(ledger, scope, [opened], topic, knownAt)).get(receiptIdOf(opened.key))
  return { ledger, scope, place, sub, seen }
}

it('a report is found behind a thousand of earlier leaves, and nothing is missing then', async () => {
  const { ledger, scope, place, sub, seen } = await withdrawn()
  const earlier = Array.from({ length: 1_000 }, (_, part) => ({ endpoint: 'crm', leaf: 0, part }))
  for (let i = 0; i < earlier.length; i += 100) {
    const keys = earlier.slice(i, i + 100).map((each) => completionKey('acme', sub, each))
    await ledger.entries.insert(keys.map((key) => ({ ...key, values: {} })))
  }
  expect(await seen()).toMatchObject({ notReported: [{ endpoint: 'crm', dueAt: at(11), isLate: true }] })
  ledger.setNow(at(13))
  await recordCompletion(ledger, scope, place, {})
  expect(await seen()).toEqual({ completions: [expect.objectContaining({ endpoint: 'crm', reportedAt: at(13) })] })
  expect(await seen(at(12))).toMatchObject({ notReported: [{ isLate: true }] })
})

it('a report that does not open is not shown, and not missing', async () => {
  const { ledger, place, sub, seen } = await withdrawn()
  await ledger.entries.insert([{ ...completionKey('acme', sub, place), values: {} }])
  expect(await seen()).toBeUndefined()
})
