/** The self-audit as a function: counts what it finds, says which check found it, and nothing of what. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createSelfAuditHandler } from '../../../functions/jobs/self-audit.ts'
import { openSlot, type PassPosition, passObject } from '../../../shared/ledger/audit/audit-position.ts'
import type { AuditedLedger } from '../../../shared/ledger/audit/audit-run.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { type MemoryLedger, memoryLedger, memoryObjects, seeded, submission } from '../../support/memory-ledger.ts'
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
  handler = createSelfAuditHandler({ ledger: audited(), telemetry })
})

const audited = () =>
  ({
    ...ledger,
    ...tables(),
    vault: ledger.vault as MemoryTable,
    checkpointKey: checkpointSigner.publicKey,
    witnessKey: witnessSigner.publicKey,
  }) satisfies AuditedLedger

const ended = () => telemetry.logged.filter(({ line }) => line.event.startsWith('audited'))
const events = () => ended().map(({ line }) => line.event)

/** A clock that is later by so much each time it is asked. */
function ticking(clock: () => number, stepMs: number): () => number {
  let passedMs = 0
  return () => {
    passedMs += stepMs
    return clock() + passedMs
  }
}

type Audited = ReturnType<typeof audited>

/** Asked before each call to a table or to the objects: whether it fails, and before or after it took place. */
function faulty(ledger: Audited, fault: () => 'before' | 'after' | undefined): Audited {
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const method = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: unknown[]) => {
          const struck = fault()
          if (struck === 'before') throw new Error('scripted')
          const answer = await method.apply(target, given)
          if (struck === 'after') throw new Error('scripted')
          return answer
        }
      },
    })
  const { entries, log, vault, objects } = ledger
  return { ...ledger, entries: wrap(entries), log: wrap(log), vault: wrap(vault), objects: wrap(objects) }
}

/** The same objects, with other copies that are replaced. */
function memoryCopies(objects: MemoryLedger['objects']): MemoryLedger['objects'] {
  const copies = memoryObjects()
  const isPosition = (name: string) => name.startsWith('audit/')
  return {
    ...objects,
    readServed: (name) => (isPosition(name) ? copies : objects).readServed(name),
    replaceServed: (name, bytes, tag) => (isPosition(name) ? copies : objects).replaceServed(name, bytes, tag),
  }
}

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
    await handler({ startedBy: 'schedule' })
    expect(telemetry.logged).toEqual([
      { line: { level: 'info', event: 'audited', count: 0 }, sums: { AuditFindings: 0, AuditOverdue: 0 } },
    ])
  })

  it('is silent while both are done and sound, compares what is new each day, and begins a pass after 30 days', async () => {
    await settle()
    const at = async (now: string) => {
      ledger.setNow(now)
      return handler({ startedBy: 'schedule' })
    }
    await at('2026-11-22T13:00:00.000Z')
    expect(await at('2026-11-23T12:59:00.000Z')).toMatchObject({ outcome: 'done', counts: {}, findings: [] })
    await at('2026-11-23T13:00:00.000Z')
    await at('2026-12-22T12:59:00.000Z')
    const passes = async () => (await openSlot<PassPosition>(ledger.objects, passObject, true)).value?.pass.startedMs
    expect(await passes()).toBe(Date.parse('2026-11-22T13:00:00.000Z'))
    await at('2026-12-22T13:00:00.000Z')
    expect(await passes()).toBe(Date.parse('2026-12-22T13:00:00.000Z'))
    const whole = { AuditFindings: 0, AuditOverdue: 0 }
    expect(telemetry.logged.map(({ sums }) => sums)).toEqual([whole, {}, whole, whole, whole])
  })

  it('tells what is new and damaged within a day, and once only', async () => {
    await settle()
    ledger.setNow('2026-11-22T13:00:00.000Z')
    await handler({ startedBy: 'schedule' })
    const snapshot = await seeded(ledger)
    // The last batch of a log may lack rows.
    for (const eventId of ['b5f9f1b6-5d3c-4c5e-8a3f-2f1f6a1f0c12', 'b5f9f1b6-5d3c-4c5e-8a3f-2f1f6a1f0c13']) {
      await recordEvents(ledger, snapshot, [submission({ eventId })])
      await settle()
    }
    for (const row of (await tables().log.scan()).items) if (row.values.index === 8) tables().log.remove(row)
    for (const hours of [24, 25, 49]) {
      ledger.setNow(new Date(Date.parse('2026-11-22T13:00:00.000Z') + hours * 3_600_000).toISOString())
      await handler({ startedBy: 'schedule' })
    }
    expect(
      ended()
        .slice(-3)
        .map(({ sums }) => sums.AuditFindings),
    ).toEqual([1, 1, 1])
    await handler()
    expect(telemetry.errors().at(-1)).toMatchObject({ controller: 'acme', check: 'index-missing', count: 1 })
  })

  it('goes through a pass in shares, whose runs take turns', async () => {
    await settle()
    for (const row of (await tables().log.scan()).items) if (row.values.index === 3) tables().log.remove(row)
    ledger.setNow('2026-11-22T13:00:00.000Z')
    const stored = async () => (await openSlot<PassPosition>(ledger.objects, passObject, true)).value
    for (let run = 0; run < 40 && (await stored())?.pass.part !== 'done'; run++)
      await handler({ startedBy: 'schedule', share: run % 3, of: 3 })
    expect(await stored()).toMatchObject({ pass: { part: 'done', of: 3 }, findings: { 'acme index-missing': 1 } })
    await handler({ startedBy: 'schedule', share: 0, of: 1 })
    expect((await stored())?.pass.of).toBe(3)
    for (const event of [{ share: 3, of: 3 }, { share: -1 }, { of: 65 }])
      await expect(handler(event)).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('goes on with a pass for which a run has no time, and tells when it is overdue', async () => {
    await settle()
    ledger.setNow('2026-11-22T13:00:00.000Z')
    const slow = createSelfAuditHandler({ ledger: { ...audited(), clock: ticking(ledger.clock, 50_000) }, telemetry })
    await slow()
    ledger.setNow('2027-01-06T13:00:00.000Z')
    for (let run = 0; run < 40 && !events().includes('audited'); run++) await slow()
    expect(events().slice(0, 2)).toEqual(['audited-in-part', 'audited-in-part'])
    expect(events().at(-1)).toBe('audited')
    expect(ended()[1]?.sums.AuditOverdue).toBeGreaterThan(0)
    // The pass began 45 days ago.
    expect(ended().at(-1)?.sums.AuditOverdue).toBeGreaterThan(0)
    expect(telemetry.sum('AuditFindings')).toBe(0)
  })

  it('counts each finding once, at whatever call a run fails', async () => {
    await settle()
    for (const row of (await tables().log.scan()).items) if (row.values.index === 3) tables().log.remove(row)
    ledger.setNow('2026-11-22T13:00:00.000Z')
    let calls = 0
    const counting = faulty(audited(), () => {
      calls++
      return undefined
    })
    await createSelfAuditHandler({ ledger: counting, telemetry })()
    const expected = telemetry.errors()
    expect(expected.length).toBeGreaterThan(0)
    for (let at = 0; at < calls; at += 3) {
      const told = recordedTelemetry()
      const objects = memoryCopies(ledger.objects)
      const fault = at % 2 === 0 ? 'before' : 'after'
      let call = 0
      const failing = faulty({ ...audited(), objects }, () => (call++ === at ? fault : undefined))
      await createSelfAuditHandler({ ledger: failing, telemetry: told })().catch(() => {})
      await createSelfAuditHandler({ ledger: { ...audited(), objects }, telemetry: told })()
      const last = told.logged.findLast(({ line }) => line.event === 'audited')
      expect(last?.sums.AuditFindings, `${at} ${fault}`).toBe(telemetry.sum('AuditFindings'))
      expect(told.errors().slice(-expected.length), `${at} ${fault}`).toEqual(expected)
    }
  })

  it('leaves a pass to the run that stored its position first', async () => {
    await settle()
    ledger.setNow('2026-11-22T13:00:00.000Z')
    const other = recordedTelemetry()
    const { objects } = ledger
    let isFirst = true
    const overtaken = {
      ...audited(),
      objects: {
        ...objects,
        replaceServed: async (...given: Parameters<typeof objects.replaceServed>) => {
          if (isFirst) await createSelfAuditHandler({ ledger: audited(), telemetry: other })()
          isFirst = false
          return objects.replaceServed(...given)
        },
      },
    }
    await createSelfAuditHandler({ ledger: overtaken, telemetry })()
    expect(telemetry.logged.map(({ line, sums }) => [line.event, sums])).toEqual([['audited-in-part', {}]])
    expect(other.logged).toHaveLength(1)
  })

  it('begins the next pass when the last one was by a clock that was ahead', async () => {
    await settle()
    ledger.setNow('2027-11-22T13:00:00.000Z')
    await handler()
    ledger.setNow('2026-11-22T14:00:00.000Z')
    await handler()
    expect(ended().map(({ sums }) => sums.AuditOverdue)).toEqual([0, 0])
  })

  it('ends a pass whatever number of controllers was made up, in a position with a bound', async () => {
    await settle()
    ledger.setNow('2026-11-22T13:00:00.000Z')
    const made = Array.from({ length: 10_500 }, (_, n) => ({
      pk: `made-up-${n}#act#x`,
      sk: 'x',
      values: { leaf: '{}' },
    }))
    await ledger.entries.insert(made)
    await handler()
    expect(events()).toEqual(['audited'])
    const { value: position } = await openSlot<PassPosition>(ledger.objects, passObject, true)
    expect(position?.pass.named.size).toBe(10_000)
    expect(Object.keys(position?.findings ?? {}).length).toBeLessThan(1_100)
    expect(telemetry.sum('AuditFindings')).toBe(10_500)
  })

  it('begins anew when its position cannot be read', async () => {
    await settle()
    ledger.setNow('2026-11-22T13:00:00.000Z')
    await ledger.objects.replaceServed('audit/pass', Buffer.from('{}'), undefined)
    await handler()
    expect(events()).toEqual(['audited'])
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
    const report = await handler()
    const findings = telemetry.errors()
    expect(findings.length).toBeGreaterThan(0)
    expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length)
    for (const { event, controller } of findings) expect([event, controller]).toEqual(['audit-finding', 'acme'])
    const found = findings.reduce((sum, { count = 0 }) => sum + count, 0)
    expect(telemetry.sum('AuditFindings')).toBe(found)
    const at = '2026-11-22T13:00:00.000Z'
    expect(report).toEqual({
      v: 1,
      ...{ job: 'self-audit', dryRun: false, startedBy: 'command', startedAt: at, endedAt: at, outcome: 'done' },
      // Each leaf but that of the hour is an entry.
      counts: { controllers: 1, subjects: 1, entries: rows.length - 1, leaves: rows.length, checkpoints: 2 },
      changes: [],
      findings: findings.map(({ controller, check, count }) => ({
        finding: 'audit-finding',
        controller,
        check,
        count,
      })),
    })
    expect(telemetry.logged.at(-1)?.line).toEqual({ level: 'info', event: 'audited', count: found, report })
    const subs = rows.map(({ pk }) => pk.slice('acme#'.length)).filter((sub) => sub.length > 20)
    expect(subs.length).toBeGreaterThan(0)
    const text = JSON.stringify(telemetry.logged)
    for (const word of [...subs, 'event#', 'newsletter', 'a-device']) expect(text).not.toContain(word)
  })
})
