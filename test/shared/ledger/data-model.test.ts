/** The table of the data model in `shared/ledger/README.md` has every kind of item that the ledger stores, with its attributes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { storeCosignature } from '../../../shared/ledger/log/cosignatures.ts'
import { dueMarks, storeSwept } from '../../../shared/ledger/log/due-logs.ts'
import { releaseErasures } from '../../../shared/ledger/log/release-erasures.ts'
import { storeSetBack } from '../../../shared/ledger/log/set-backs.ts'
import { batchesUntilTurn, mayPublish } from '../../../shared/ledger/log/turns.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { storeSlicesDone } from '../../../shared/ledger/retention/retention-position.ts'
import type { Item } from '../../../shared/ledger/store.ts'
import { signatureTypes, verifierKey } from '../../../shared/tlog/verifier-key.ts'
import { submission } from '../../support/memory-ledger.ts'
import { openSmallDrill } from './audit/drill.ts'
import { allOf } from './audit/drill-items.ts'

interface Row {
  readonly table: string
  readonly item: string
  readonly pk: string
  readonly sk: string
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

const parts: Readonly<Record<string, string>> = {
  controller: '[a-z0-9-]{1,40}',
  sub: '[\\w-]{43}',
  receiptId: '[\\w-]{22}',
  day: '\\d{4}-\\d\\d-\\d\\d',
  hour: '\\d{4}-\\d\\d-\\d\\dT\\d\\d',
  minute: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d',
  instant: '\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z',
  year: '\\d{4}',
  random: '[0-9a-f]{32}',
  side: '[\\w-]{22}',
  mac: '[\\w-]{22}',
  days: '\\d{1,2}',
  sha256: '[0-9a-f]{64}',
  mandate: '[\\w-]{22}',
  holdId: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  importId: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  grantId: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  number16: '\\d{16}',
  number: '\\d+',
  endpoint: '[a-z0-9-]{1,40}',
  whose: '(?:[\\w-]{43}|-)',
  part: '\\d{4}',
  exportId: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  change: '\\d+',
  'key id': '[0-9a-f]{8}',
  'vault name': '(?:actor#)?[\\w-]{43}',
}

const rows = readFileSync(join(import.meta.dirname, '../../../shared/ledger/README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| (entries|log|vault) \|/.test(line))
  .map((line): Row => {
    const [, table = '', item = '', pk = '', sk = '', attributes = ''] = line.split('|').map((cell) => cell.trim())
    const names = [...attributes.matchAll(/`([a-z]+)(\??)`/g)]
    const named = (mark: string) => names.filter(([, , found]) => found === mark).map(([, name = '']) => name)
    return { table, item, pk, sk, required: named(''), optional: named('?') }
  })

/** `pattern` as it stands in the table: text in backquotes with parts in angle brackets. */
function fits(pattern: string, text: string): boolean {
  const source = pattern.replaceAll('`', '').replace(/<([^>]+)>/g, (_, name: string) => parts[name] ?? '[^#]+')
  return new RegExp(`^${source}$`).test(text)
}

const isEntry = ({ pk, sk }: Item) =>
  rows.some((row) => row.required.includes('leaf') && fits(row.pk, pk) && fits(row.sk, sk))

function rowsOf(table: string, item: Item): Row[] {
  return rows.filter((row) => {
    if (row.table !== table) return false
    return row.item === 'index row' ? isEntry(item) : fits(row.pk, item.pk) && fits(row.sk, item.sk)
  })
}

describe('the table of the data model', () => {
  let stored: { table: string; item: Item }[]

  beforeAll(async () => {
    const { entries, log, vault, ledger, snapshot } = await openSmallDrill()
    ledger.setNow('2027-01-02T10:00:00.000Z')
    const event = { eventId: 'next-year', occurredAt: '2027-01-02T10:00:00.000Z' }
    const identity = { type: 'device', id: 'known since 2026' }
    ledger.setNow('2026-12-30T10:00:00.000Z')
    await recordEvents(ledger, snapshot, [submission({ ...event, eventId: 'first' }, { identity })])
    ledger.setNow('2027-01-02T10:00:00.000Z')
    await recordEvents(ledger, snapshot, [submission(event, { identity })])
    await storeSetBack(log, 'acme', { size: 9, from: '2026-11-22T10:00:00.000Z', until: '2026-11-22T11:00:00.000Z' })
    await dueMarks(log, ledger.clock).mark('acme')
    await storeSwept(log, ledger.clock())
    await storeSlicesDone(entries, 256)
    await releaseErasures(
      { entries, log, clock: ledger.clock },
      async () => [],
      async () => true,
    )
    await batchesUntilTurn(ledger, 'other', 0, async () => {})
    await mayPublish(ledger, 'acme', 9)
    const witness = verifierKey('north.example', signatureTypes.cosignature, new Uint8Array(32))
    const signature = { name: witness.name, keyId: witness.keyId, signature: new Uint8Array(72) }
    await storeCosignature(log, 'acme', 9, witness, { signature, timeSeconds: 0 })
    const tables = { entries, log, vault }
    const items = Object.entries(tables).map(async ([table, all]) =>
      (await allOf(all)).map((item) => ({ table, item })),
    )
    stored = (await Promise.all(items)).flat()
  })

  it('has one row for each stored item, with its attributes', () => {
    const strange = stored.flatMap(({ table, item }) => {
      const fitting = rowsOf(table, item)
      const names = Object.keys(item.values)
      const [row] = fitting
      const isRight =
        row !== undefined &&
        fitting.length === 1 &&
        row.required.every((name) => names.includes(name)) &&
        names.every((name) => row.required.includes(name) || row.optional.includes(name))
      return isRight ? [] : [[table, item.pk, item.sk, names, fitting.map((each) => each.item)]]
    })
    expect(strange).toEqual([])
  })

  it('has no row that no item has', () => {
    const found = new Set(stored.flatMap(({ table, item }) => rowsOf(table, item)))
    expect(rows.filter((row) => !found.has(row)).map(({ item }) => item)).toEqual([])
    expect(rows.length).toBeGreaterThan(20)
  })
})
