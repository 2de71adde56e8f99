/**
 * Erasure on the model: what is left behind it, a failure at each of its awaits, and every order in which a writer and an eraser can
 * take their steps.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../../../shared/errors.ts'
import { eventsOf } from '../../../../shared/ledger/answers/answers-for-subject.ts'
import {
  type ControllerSnapshot,
  controllerSnapshots,
} from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { disclosureDigest } from '../../../../shared/ledger/disclosures.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { type ErasureReason, openErasure } from '../../../../shared/ledger/erasure/erasure-entry.ts'
import type { Eraser } from '../../../../shared/ledger/ledger.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import { type Item, queryAll } from '../../../../shared/ledger/store.ts'
import { type VaultScope, vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading, vaultKey } from '../../../../shared/ledger/vault/vault.ts'
import { type MemoryLedger, memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'
import { type MemoryTable, memoryTable, type ScriptedFault } from '../../../support/memory-table.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { attributable, eventIn, oneByOne } from './erase-steps.ts'

const now = '2026-11-28T12:00:00.000Z'
const identity = { type: 'email', id: 'kim@example.org' }
const reason: ErasureReason = { ground: 'data-subject-request', scope: 'subject' }

interface Bench {
  readonly ledger: MemoryLedger & { readonly entries: MemoryTable }
  readonly snapshot: ControllerSnapshot
  readonly scope: VaultScope
}

async function bench(faults: Parameters<typeof memoryLedger>[1] = {}): Promise<Bench> {
  const entries = memoryTable(faults.entries)
  const made = memoryLedger(now, faults)
  const controllers = controllerSnapshots(entries, made.log, made.keyring, made.clock)
  const ledger = { ...made, entries, controllers }
  const snapshot = await seeded(ledger)
  return { ledger, snapshot, scope: vaultScope(snapshot) }
}

/** Throws what a refusal was for. */
async function write(
  { ledger, snapshot }: Bench,
  more: Partial<Parameters<typeof submission>[1]> = {},
): Promise<string> {
  const eventId = randomUUID()
  const [outcome] = (await recordEvents(ledger, snapshot, [submission({ eventId }, { identity, ...more })])).outcomes
  if (outcome === undefined || outcome.outcome === 'refused') throw outcome?.error
  return eventId
}

async function subOf({ ledger, scope }: Bench): Promise<string> {
  const keys = await subjectKeysForReading(ledger, scope, identity)
  if (keys === undefined) throw new Error('nobody has this name')
  return keys.sub
}

async function erasures({ ledger }: Bench): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of queryAll(ledger.entries, 'acme#erased')) found.push(item)
  return found
}

const vaultRows = async ({ ledger, scope }: Bench) => (await ledger.vault.query(vaultKey(scope, identity))).items
const erase = ({ scope }: Bench, eraser: Eraser) => eraseSubject(eraser, scope, identity, reason)

describe('an erasure', () => {
  it('leaves no row of the vault, and one entry that says so', async () => {
    const b = await bench()
    await write(b)
    b.ledger.setNow('2027-02-01T00:00:00.000Z')
    await write(b)
    const other = await b.ledger.vault.scan()
    await write(b, { identity: { type: 'email', id: 'someone@else.example' } })
    const sub = await subOf(b)
    expect(await vaultRows(b)).toHaveLength(2)
    expect(other.items).toHaveLength(2)

    const erased = await erase(b, memoryEraser(b.ledger))
    expect(erased).toEqual({ erasedAt: '2027-02-01T00:00:00.000Z', subjects: 1, events: 2, held: [] })
    expect(await vaultRows(b)).toEqual([])
    expect((await b.ledger.vault.scan()).items).toHaveLength(1)
    expect(await eventsOf(b.ledger, b.snapshot, identity)).toEqual([])
    expect((await erasures(b)).map(({ sk }) => sk)).toEqual([sub])
  })

  it('has a leaf of the pseudonym and salted digests, which only the controller can open', async () => {
    const b = await bench()
    await write(b)
    const sub = await subOf(b)
    await erase(b, memoryEraser(b.ledger))
    const [entry] = await erasures(b)
    if (entry === undefined) throw new Error('no entry')
    const { disclosures, day } = openErasure(b.scope, entry)
    const opened = disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()))
    expect(opened.map(([, name, value]) => [name, value])).toEqual([
      ['field:ground', 'data-subject-request'],
      ['field:scope', 'subject'],
      ['field:actor', null],
    ])
    expect(new Set(opened.map(([salt]) => Buffer.from(salt, 'base64url').length))).toEqual(new Set([16]))
    expect(entry.values.leaf).toBe(
      `{"_sd":${JSON.stringify(disclosures.map(disclosureDigest).sort())},"_sd_alg":"sha-256","kind":"erased","sub":"${sub}","v":1}`,
    )
    expect(Object.keys(entry.values).sort()).toEqual(['day', 'leaf', 'payload'])
    expect([entry.values.day, day]).toEqual(['2026-11-28', '2026-11-28'])
    const stranger = { ...b.scope, secrets: { ...b.scope.secrets, dataKey: b.scope.secrets.pepper } }
    expect(() => openErasure(stranger, entry)).toThrow()
    const other = { ...entry, sk: 'another' }
    expect(() => openErasure(b.scope, other)).toThrow()
  })

  it('of two persons of one ground has digests with nothing in common', async () => {
    const b = await bench()
    const people = [identity, { type: 'email', id: 'someone@else.example' }]
    for (const each of people) await write(b, { identity: each })
    for (const each of people) await eraseSubject(memoryEraser(b.ledger), b.scope, each, reason)
    const digests = (await erasures(b)).flatMap(({ values }) => JSON.parse(String(values.leaf))._sd)
    expect(new Set(digests).size).toBe(6)
  })

  it('of somebody whom nobody knows does nothing, and neither does the second', async () => {
    const b = await bench()
    const nothing = { erasedAt: now, subjects: 0, events: 0, held: [] }
    expect(await erase(b, memoryEraser(b.ledger))).toEqual(nothing)
    await write(b)
    await erase(b, memoryEraser(b.ledger))
    expect(await erase(b, memoryEraser(b.ledger))).toEqual(nothing)
    expect(await erasures(b)).toHaveLength(1)
  })

  it('makes who writes again another subject, whose events open; those before stay closed', async () => {
    const b = await bench()
    await write(b)
    const before = await subOf(b)
    await erase(b, memoryEraser(b.ledger))
    const eventId = await write(b)
    expect(await subOf(b)).not.toBe(before)
    expect((await eventsOf(b.ledger, b.snapshot, identity)).map(({ event }) => event.eventId)).toEqual([eventId])
    expect(await erase(b, memoryEraser(b.ledger))).toMatchObject({ subjects: 1, events: 1 })
    expect(await erasures(b)).toHaveLength(2)
  })

  it('takes years whose subject’s row is gone already', async () => {
    const b = await bench()
    await write(b)
    b.ledger.setNow('2027-02-01T00:00:00.000Z')
    await write(b)
    b.ledger.vault.remove({ pk: vaultKey(b.scope, identity), sk: 'subject' })
    expect(await erase(b, memoryEraser(b.ledger))).toMatchObject({ subjects: 0 })
    expect(await vaultRows(b)).toEqual([])
  })

  it('of an unfinished row that a late insert brings back is completed by the next one', async () => {
    const b = await bench()
    await write(b)
    const rows = await vaultRows(b)
    await erase(b, memoryEraser(b.ledger))
    await b.ledger.vault.insert(rows)
    expect(await eventsOf(b.ledger, b.snapshot, identity)).toHaveLength(1)
    expect(await erase(b, memoryEraser(b.ledger))).toMatchObject({ subjects: 1 })
    expect(await vaultRows(b)).toEqual([])
    expect(await erasures(b)).toHaveLength(1)
  })

  it('gives up when the subject never stops writing', async () => {
    const b = await bench()
    await write(b)
    const eraser = memoryEraser(b.ledger)
    const busy: Eraser = {
      ...eraser,
      vault: {
        ...eraser.vault,
        async remove(keys) {
          await eraser.vault.remove(keys)
          if (keys.length > 0) await write(b)
        },
      },
    }
    await expect(erase(b, busy)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await erase(b, eraser)).toMatchObject({ subjects: 1 })
  })
})

/** Each await of an erasure, failing before or after it took effect; then the controller asks again, as it must. */
describe('an erasure that is cut short', () => {
  type Await = 'vault query' | 'entries query' | 'entries insert' | 'remove the years' | 'remove the subject'
  const awaits: readonly Await[] = [
    'vault query',
    'entries query',
    'entries insert',
    'remove the years',
    'remove the subject',
  ]
  const cases = awaits.flatMap((which) =>
    (['before', 'after'] as const).flatMap((fault) => [0, 1].map((passed) => ({ which, fault, passed }))),
  )

  it.each(cases)('$fault $which (after $passed that went well) is completed by the next', async (one) => {
    let isArmed = false
    let left = one.passed
    const struck = (which: Await): ScriptedFault | undefined =>
      isArmed && which === one.which && left-- === 0 ? one.fault : undefined
    const ledgerFaults = (table: 'vault' | 'entries') => ({
      fault: (operation: string, { pk }: { pk: string }) =>
        operation === 'query' || (operation === 'insert' && pk.endsWith('#erased'))
          ? struck(`${table} ${operation}` as Await)
          : undefined,
    })
    const b = await bench({ vault: ledgerFaults('vault'), entries: ledgerFaults('entries') })
    await write(b)
    b.ledger.setNow('2027-02-01T00:00:00.000Z')
    await write(b)
    const sub = await subOf(b)
    const eraser = memoryEraser(b.ledger, {
      fault: ({ sk }) => struck(sk === 'subject' ? 'remove the subject' : 'remove the years'),
    })
    isArmed = true
    const error = await erase(b, eraser).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    isArmed = false
    if (error !== undefined) expect(error).toMatchObject({ code: 'unavailable' })
    // Whatever the vault lost is explained by then.
    const rows = await vaultRows(b)
    if (rows.length < 2) expect(await erasures(b)).toHaveLength(1)
    await erase(b, eraser)
    expect(await vaultRows(b)).toEqual([])
    expect((await erasures(b)).map(({ sk }) => sk)).toEqual([sub])
    expect(await attributable(b.ledger, b.scope)).toEqual([])
  })
})

/**
 * The invariant of `erase-subject.ts`, on every schedule: of what the vault holds in the end, no key opens an event of a subject that an erasure
 * names; and what was acknowledged behind the erasure's answer can be read.
 */
describe('writers and an eraser, step by step', () => {
  const years = ['2026-11-28T12:00:00.000Z', '2027-11-28T12:00:00.000Z'] as const

  async function run(
    schedule: readonly number[],
    writers: number,
    erasers: number,
    announcedNew: boolean,
    year: string,
  ) {
    const b = await bench()
    await write(b)
    const first = await subOf(b)
    b.ledger.setNow(year)
    const steps = oneByOne(schedule)
    const acknowledged: string[] = []
    const writing = Array.from({ length: writers }, async () => {
      const stepping: Bench = { ...b, ledger: steps.taken(b.ledger) }
      const eventId = await write(stepping, { announcedNew }).catch((error: unknown) => {
        if (!(error instanceof LedgerError && error.code === 'unavailable')) throw error
        return undefined
      })
      if (eventId) acknowledged.push(eventId)
    })
    const eraser = memoryEraser(b.ledger)
    const erasing = Array.from({ length: erasers }, () => erase(b, steps.taken(eraser)))
    await steps.run(Promise.all([...erasing, ...writing]))
    return { b, first, acknowledged }
  }

  const schedules = fc.array(fc.nat({ max: 5 }), { minLength: 40, maxLength: 40 })

  it('leave nothing attributable that was there before, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(
        schedules,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 2 }),
        fc.boolean(),
        fc.constantFrom(...years),
        async (schedule, writers, erasers, announcedNew, year) => {
          const { b, first, acknowledged } = await run(schedule, writers, erasers, announcedNew, year)
          const erased = new Set((await erasures(b)).map(({ sk }) => sk))
          expect(erased.has(first)).toBe(true)
          const opened = await attributable(b.ledger, b.scope)
          expect(opened.filter(({ sub }) => erased.has(sub))).toEqual([])
          // Stored once, under some subject; open, or closed and explained.
          const events = (await b.ledger.entries.scan()).items.filter(({ sk }) => sk.startsWith('event#'))
          const ids = opened.map(({ item }) => `${item.pk} ${item.sk}`)
          for (const item of events)
            expect(ids.includes(`${item.pk} ${item.sk}`) || erased.has(item.pk.slice('acme#'.length))).toBe(true)
          expect(events.length).toBe(1 + acknowledged.length)
          // Behind it the person writes, reads and is erased as anybody.
          const eventId = await write(b)
          expect((await eventsOf(b.ledger, b.snapshot, identity)).map(({ event }) => event.eventId)).toContain(eventId)
          await erase(b, memoryEraser(b.ledger))
          expect(await attributable(b.ledger, b.scope)).toEqual([])
        },
      ),
      { numRuns: 600 },
    )
  })

  it('would leave an event that opens, if a writer did not look again', async () => {
    // The schedule that the rule is for: the year's row comes behind the last look of the eraser, and is sealed with.
    const b = await bench()
    await write(b)
    const sub = await subOf(b)
    b.ledger.setNow(years[1])
    const pk = vaultKey(b.scope, identity)
    const keysBefore = await b.ledger.vault.query(pk)
    await erase(b, memoryEraser(b.ledger))
    const trusting = {
      ...b.ledger,
      vault: {
        ...b.ledger.vault,
        get: async (keys: readonly { sk: string }[]) =>
          keys.map(({ sk }) => keysBefore.items.find((row) => row.sk === sk)),
      },
    }
    const eventId = await write({ ...b, ledger: trusting })
    const [opened] = await attributable(b.ledger, b.scope)
    expect([opened?.sub, opened && eventIn(opened)]).toEqual([sub, eventId])
  })
})
