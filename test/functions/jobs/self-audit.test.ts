/** The self-audit as a function: counts what it finds, says which check found it, and nothing of what. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createSelfAuditHandler } from '../../../functions/jobs/self-audit.ts'
import type { AuditedLedger } from '../../../shared/ledger/audit/audit-run.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../../shared/ledger/record-events.ts'
import { type MemoryLedger, memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, witnessSigner } from '../../support/memory-log-writer.ts'
import type { MemoryTable } from '../../support/memory-table.ts'
import { type RecordedTelemetry, recordedTelemetry } from '../../support/recorded-telemetry.ts'

let ledger: MemoryLedger
let telemetry: RecordedTelemetry
let handler: ReturnType<typeof createSelfAuditHandler>
const tables = () => ({ entries: ledger.entries as MemoryTable, log: ledger.log as MemoryTable })

beforeEach(async () => {
  ledger = memoryLedger('2026-11-22T12:00:00.000Z')
  telemetry = recordedTelemetry()
  const snapshot = await seeded(ledger)
  await recordEvents(ledger, snapshot, [submission({ eventId: 'b5f9f1b6-5d3c-4c5e-8a3f-2f1f6a1f0c11' })])
  handler = createSelfAuditHandler({
    ledger: {
      ...ledger,
      ...tables(),
      vault: ledger.vault as MemoryTable,
      checkpointKey: checkpointSigner.publicKey,
      witnessKey: witnessSigner.publicKey,
    } satisfies AuditedLedger,
    telemetry,
  })
})

async function settle(): Promise<void> {
  const logWriter = memoryLogWriter(ledger)
  const { items } = await tables().entries.scan()
  const announced = items.filter(({ values }) => values.leaf !== undefined).map(({ pk, sk }) => ({ key: { pk, sk } }))
  await sequenceEntries(logWriter, 'acme', announced, newSequencerMemory())
  await publishCheckpoint(logWriter, 'acme')
}

describe('the self-audit', () => {
  it('finds nothing in a ledger that is whole', async () => {
    await settle()
    ledger.setNow('2026-11-22T13:00:00.000Z')
    await handler()
    expect(telemetry.logged).toEqual([
      { line: { level: 'info', event: 'audited', count: 0 }, sums: { AuditFindings: 0 } },
    ])
  })

  it('is patient with what is younger than the promised delay, and then finds it', async () => {
    await handler()
    expect(telemetry.sum('AuditFindings')).toBe(0)
    ledger.setNow('2026-11-22T14:00:00.000Z')
    await handler()
    expect(telemetry.sum('AuditFindings')).toBeGreaterThan(0)
  })

  it('logs each kind of finding once, with its number, and without keys and values', async () => {
    await settle()
    const rows = (await tables().log.scan()).items.filter(({ values }) => values.index !== undefined)
    for (const row of rows) tables().log.remove(row)
    ledger.setNow('2026-11-22T13:00:00.000Z')
    await handler()
    const findings = telemetry.errors()
    expect(findings.length).toBeGreaterThan(0)
    expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length)
    for (const { event, controller } of findings) expect([event, controller]).toEqual(['audit-finding', 'acme'])
    const found = findings.reduce((sum, { count = 0 }) => sum + count, 0)
    expect(telemetry.sum('AuditFindings')).toBe(found)
    expect(telemetry.logged.at(-1)?.line).toEqual({ level: 'info', event: 'audited', count: found })
    const subs = rows.map(({ pk }) => pk.slice('acme#'.length)).filter((sub) => sub.length > 20)
    expect(subs.length).toBeGreaterThan(0)
    const text = JSON.stringify(telemetry.logged)
    for (const word of [...subs, 'event#', 'newsletter', 'a-device']) expect(text).not.toContain(word)
  })
})
