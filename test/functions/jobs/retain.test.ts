/** Retention as a schedule runs it: a seventh of the vault in a run, on from where the last one stopped, until its time is up. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createRetainHandler } from '../../../functions/jobs/retain.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { applyRetentionToPage } from '../../../shared/ledger/retention/apply-retention.ts'
import { slicesDone } from '../../../shared/ledger/retention/retention-position.ts'
import type { Key, TableSlice } from '../../../shared/ledger/store.ts'
import { type MemoryLedger, memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { memoryRetainer } from '../../support/memory-vault.ts'
import { type RecordedTelemetry, recordedTelemetry } from '../../support/recorded-telemetry.ts'

const slicesPerRun = 37
const slices = 256
let ledger: MemoryLedger
let telemetry: RecordedTelemetry
let retain: ReturnType<typeof createRetainHandler>
/** The slices whose pages were read. */
let scans: number[]
let onScan: (scan: number) => void
/** The controllers that were read. */
let read: string[]

/** People who decided years ago. */
async function open(people: number): Promise<void> {
  ledger = memoryLedger('2024-05-01T00:00:00.000Z')
  const snapshot = await seeded(ledger)
  const submissions = Array.from({ length: people }, (_, n) =>
    submission(
      { eventId: `event-${n}`, occurredAt: '2024-05-01T00:00:00.000Z' },
      { identity: { type: 'email', id: `${n}` } },
    ),
  )
  for (let i = 0; i < people; i += 25) await recordEvents(ledger, snapshot, submissions.slice(i, i + 25))
  ledger.setNow('2032-01-01T00:00:00.000Z')
  const job = memoryRetainer(ledger)
  scans = []
  read = []
  onScan = () => {}
  telemetry = recordedTelemetry()
  const vault = {
    ...job.vault,
    async scan(after?: Key, slice?: TableSlice) {
      scans.push(slice?.index ?? -1)
      onScan(scans.length)
      return job.vault.scan(after, slice)
    },
  }
  const controllers = {
    ...job.controllers,
    recent: (controller: string) => {
      read.push(controller)
      return job.controllers.recent(controller)
    },
  }
  retain = createRetainHandler({ retentionJob: { ...job, vault, controllers }, telemetry, objects: ledger.objects })
}

beforeEach(() => open(40))

const erased = async () => (await ledger.entries.query('acme#erased')).items.length
const lastLine = () => telemetry.logged.at(-1)?.line
const ends = () => telemetry.logged.filter(({ line }) => line.event === 'retained')
const sum = () => ends().reduce((total, { line }) => total + (line.count ?? 0), 0)
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, i) => (from + i) % slices)

describe('a run', () => {
  it('looks at a seventh of the vault, and seven at each subject once, which tells nothing of whom', async () => {
    const names = (await memoryRetainer(ledger).vault.scan()).items.map(({ pk }) => pk)
    for (let night = 1; night <= 7; night++) {
      await retain()
      expect(scans).toEqual(upTo(night * slicesPerRun))
      expect(lastLine()).toMatchObject({ level: 'info', event: 'retained' })
    }
    expect(await erased()).toBe(40)
    expect(sum()).toBe(40)
    for (const name of names) expect(JSON.stringify(telemetry.logged)).not.toContain(name)
    const positions = (await ledger.entries.query('#retained')).items
    expect(JSON.stringify(positions)).not.toContain(names[0])
  })

  it('leaves the vault as a look through all of it at once does', async () => {
    for (let night = 1; night <= 7; night++) await retain()
    const bySlices = await ledger.vault.query('x')
    const rows = (await memoryRetainer(ledger).vault.scan()).items.length
    await open(40)
    const job = memoryRetainer(ledger)
    for (let after: Key | undefined, isFirst = true; isFirst || after; isFirst = false)
      after = (await applyRetentionToPage(job, after)).next
    expect((await job.vault.scan()).items.length).toBe(rows)
    expect(bySlices.items).toEqual([])
    expect(await erased()).toBe(40)
  })

  it('begins no slice when its time is up, and the next goes on there', async () => {
    onScan = (scan) => {
      if (scan === 5) ledger.setNow(new Date(ledger.clock() + 10 * 60_000).toISOString())
    }
    await retain()
    expect(scans).toEqual(upTo(5))
    expect(lastLine()).toMatchObject({ event: 'retained-in-part' })
    await retain()
    expect(scans).toEqual(upTo(5 + slicesPerRun))
    expect(lastLine()).toMatchObject({ event: 'retained' })
  })

  it('that fails has done the slices before, and the next repeats at most eight', async () => {
    onScan = (scan) => {
      if (scan === 22) throw new LedgerError('unavailable', 'as scripted')
    }
    await expect(retain()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await slicesDone(ledger.entries)).toBe(16)
    onScan = () => {}
    scans.length = 0
    await retain()
    expect(scans).toEqual(upTo(16 + slicesPerRun, 16))
  })

  it('reads a controller once in a minute, and only when it meets a row of it; and the next pass begins again', async () => {
    for (let night = 1; night <= 8; night++) {
      read.length = 0
      await retain()
      expect(read).toEqual((lastLine()?.count ?? 0) > 0 ? ['acme'] : [])
    }
    expect(scans.slice(slices)).toEqual(upTo(8 * slicesPerRun - slices))
  })

  it('reports all that it destroyed, also beside a row that opens for no controller', async () => {
    const [row] = (await memoryRetainer(ledger).vault.scan()).items
    const values = { ...row?.values, controller: 'nobody' }
    // Some in each slice.
    await ledger.vault.insert(Array.from({ length: 2000 }, (_, n) => ({ pk: `planted-${n}`, sk: 'subject', values })))
    let reported = 0
    for (let night = 1; night <= 7; night++)
      for (const { change, count } of (await retain()).changes) if (change === 'subjects-erased') reported += count
    expect(await erased()).toBe(40)
    expect(reported).toBe(40)
  })

  it('is not kept from its work by a row that claims a name that no controller can have', async () => {
    const recent = ledger.controllers.recent
    // As DynamoDB, which refuses to look for a key of more than 2,048 bytes.
    ledger.controllers.recent = async (controller) => {
      if (controller.length > 2000) throw new LedgerError('internal', 'the key is too long')
      return recent(controller)
    }
    await ledger.vault.insert([{ pk: 'planted', sk: 'subject', values: { controller: 'x'.repeat(3000) } }])
    for (let night = 1; night <= 7; night++) await retain()
    expect(await erased()).toBe(40)
  })
})
