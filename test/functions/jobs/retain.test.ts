/** Retention as a schedule runs it: from anywhere in the vault to its end, then from its beginning, until it is through or its time is. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createRetainHandler } from '../../../functions/jobs/retain.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { recordEvents } from '../../../shared/ledger/record-events.ts'
import type { Item, Key } from '../../../shared/ledger/store.ts'
import { type MemoryLedger, memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { memoryRetainer } from '../../support/memory-vault.ts'
import { type RecordedTelemetry, recordedTelemetry } from '../../support/recorded-telemetry.ts'

const people = 5
/** The least of 32 bytes in base64url, as text compares. */
const beforeAllNames = `${'-'.repeat(42)}A`
let ledger: MemoryLedger
let telemetry: RecordedTelemetry
let retain: ReturnType<typeof createRetainHandler>
/** Where each page began. */
let scans: (string | undefined)[]
let onScan: (scan: number) => void
/** Where runs begin, instead of anywhere. */
let place: Uint8Array | undefined
/** All names in the vault, in its order. */
let names: string[]

/** Five people of years ago, a page each. */
beforeEach(async () => {
  ledger = memoryLedger('2024-05-01T00:00:00.000Z')
  const snapshot = await seeded(ledger)
  const submissions = Array.from({ length: people }, (_, n) =>
    submission(
      { eventId: `event-${n}`, occurredAt: '2024-05-01T00:00:00.000Z' },
      { identity: { type: 'email', id: `${n}` } },
    ),
  )
  await recordEvents(ledger, snapshot, submissions)
  ledger.setNow('2032-01-01T00:00:00.000Z')
  const made = memoryRetainer(ledger)
  const all = (await made.vault.scan()).items.toSorted((a, b) => (a.pk < b.pk ? -1 : 1))
  names = all.map(({ pk }) => pk)
  scans = []
  place = undefined
  onScan = () => {}
  telemetry = recordedTelemetry()
  const pageAfter = async (after?: Key) => {
    const behind = all.filter(({ pk }) => after === undefined || pk > after.pk)
    const [item] = behind
    const items: readonly (Item | undefined)[] = item ? await made.vault.get([item]) : []
    return {
      items: items.filter((still) => still !== undefined),
      ...(item && behind.length > 1 && { next: { pk: item.pk, sk: item.sk } }),
    }
  }
  const vault = {
    ...made.vault,
    async scan(after?: Key) {
      scans.push(after?.pk)
      onScan(scans.length)
      return pageAfter(after)
    },
  }
  retain = createRetainHandler({
    retentionJob: { ...made, vault, random: (byteCount) => place ?? made.random(byteCount) },
    telemetry,
  })
})

const erased = async () => (await ledger.entries.query('acme#erased')).items.length
const lastLine = () => telemetry.logged.at(-1)?.line

describe('a run', () => {
  it('scans the whole vault, wherever it begins, and logs the number of rows and nothing else', async () => {
    await retain()
    expect(await erased()).toBe(people)
    expect(scans.filter((place) => place === undefined)).toHaveLength(1)
    expect(lastLine()).toEqual({ level: 'info', event: 'retained', count: people })
    expect(JSON.stringify(telemetry.logged)).not.toContain(names[0])
  })

  it('begins no page when its time is up; other runs begin elsewhere, and come to all in the end', async () => {
    onScan = () => ledger.setNow(new Date(ledger.clock() + 10 * 60_000).toISOString())
    for (const [n, name] of [beforeAllNames, ...names].entries()) {
      place = Buffer.from(name, 'base64url')
      await retain()
      expect(scans).toHaveLength(n + 1)
      expect(lastLine()).toMatchObject({ event: 'retained-in-part', count: n < people ? 1 : 0 })
    }
    expect(await erased()).toBe(people)
    expect(scans).not.toContain(undefined)
  })

  it('that fails has done the pages before, and the next does the others', async () => {
    onScan = (scan) => {
      if (scan === 3) throw new LedgerError('unavailable', 'as scripted')
    }
    await expect(retain()).rejects.toMatchObject({ code: 'unavailable' })
    onScan = () => {}
    await retain()
    expect(await erased()).toBe(people)
  })
})
