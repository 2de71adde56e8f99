/** What every implementation of the ports `VaultEraser`, `RetentionVault` and `SubjectFinder` does. Each test has a vault of its own. */
import { describe, expect, test } from 'vitest'
import type { Item, RetentionVault, SubjectFinder, Table } from '../../shared/ledger/store.ts'

export interface ErasedVault {
  readonly table: Table
  readonly eraser: RetentionVault
  readonly finder: SubjectFinder
  close(): Promise<void> | void
}

export function vaultEraserContract(name: string, makeVault: () => Promise<ErasedVault>): void {
  const isolated = (what: string, run: (vault: ErasedVault) => Promise<void>): void => {
    test(what, async () => {
      const vault = await makeVault()
      try {
        await run(vault)
      } finally {
        await vault.close()
      }
    })
  }

  const row = (pk: string, sk: string): Item => ({ pk, sk, values: { year: 2026, proof: Uint8Array.of(1, 2, 3) } })
  const rows = [row('one', 'subject'), row('one', 'year#2027'), row('other', 'subject')]

  describe(`${name} keeps the contract of a vault that forgets`, () => {
    isolated('removed rows are gone at once for every reader, and other rows stay', async ({ table, eraser }) => {
      await table.insert(rows)
      expect(await eraser.remove([row('one', 'subject')])).toBeUndefined()
      expect(await eraser.get(rows)).toEqual([undefined, rows[1], rows[2]])
      expect(await table.get(rows)).toEqual([undefined, rows[1], rows[2]])
      expect((await eraser.query('one')).items).toEqual([rows[1]])
      expect((await table.query('other')).items).toEqual([rows[2]])
    })

    isolated(
      'several at once, some of them not there, and nothing when asked for nothing',
      async ({ table, eraser }) => {
        await table.insert(rows)
        await eraser.remove([])
        expect((await eraser.query('one')).items).toHaveLength(2)
        await eraser.remove([row('one', 'subject'), row('one', 'year#2027'), row('nobody', 'subject')])
        await eraser.remove([row('one', 'subject')])
        expect(await eraser.query('one')).toEqual({ items: [] })
        expect(await table.get(rows)).toEqual([undefined, undefined, rows[2]])
      },
    )

    isolated('a row that is another than the one that was read stays', async ({ table, eraser }) => {
      await table.insert(rows)
      const values: Item['values'][] = [
        { year: 2027 },
        { year: 2026, proof: Uint8Array.of(1, 2, 4) },
        { year: 2026, proof: Uint8Array.of(1, 2, 3), context: Uint8Array.of(1) },
        { proof: 'AQID' },
      ]
      for (const other of values) {
        await eraser.remove([{ pk: 'one', sk: 'subject', values: other }])
        await eraser.removeValues({ pk: 'one', sk: 'subject', values: other }, ['proof', 'year'])
      }
      expect(await table.get(rows)).toEqual(rows)
    })

    isolated('the key is free again: what is inserted there is another row', async ({ table, eraser }) => {
      await table.insert(rows)
      await eraser.remove([row('one', 'subject')])
      const anew = { ...row('one', 'subject'), values: { year: 2030 } }
      expect(await table.insert([anew])).toEqual([{ outcome: 'inserted' }])
      await eraser.remove([row('one', 'subject')])
      expect(await eraser.get([anew])).toEqual([anew])
    })

    isolated('single values are struck from a row, and the others stay', async ({ table, eraser }) => {
      const whole = { pk: 'one', sk: 'subject', values: { year: 2026, sub: Uint8Array.of(1), proof: Uint8Array.of(2) } }
      const left = { ...whole, values: { year: 2026, sub: Uint8Array.of(1) } }
      await table.insert([whole, row('other', 'subject')])
      expect(await eraser.removeValues(whole, ['proof', 'context'])).toBeUndefined()
      expect(await table.get([whole])).toEqual([left])
      await eraser.removeValues(left, ['proof'])
      await eraser.removeValues(left, [])
      expect((await table.query('one')).items).toEqual([left])
      expect(await table.get([row('other', 'subject')])).toEqual([row('other', 'subject')])
    })

    isolated('to strike from a row that is not there makes none', async ({ table, eraser }) => {
      await eraser.removeValues(row('one', 'subject'), ['proof'])
      await eraser.removeValues({ pk: 'one', sk: 'subject', values: {} }, ['proof'])
      expect((await table.query('one')).items).toEqual([])
    })

    isolated('a row is found by the holder that it states, until it is removed', async ({ table, eraser, finder }) => {
      const stating = (pk: string, holder: string): Item => ({ pk, sk: 'subject', values: { holder, year: 2026 } })
      const [one, other] = [stating('one', 'a'), stating('other', 'b')]
      await table.insert([one, other, row('nobody', 'subject'), { ...other, sk: 'year#2027' }])
      expect(await finder.find('a')).toEqual([{ pk: 'one', sk: 'subject' }])
      const keys = (await finder.find('b')).map(({ pk, sk }) => `${pk} ${sk}`)
      expect(keys.sort()).toEqual(['other subject', 'other year#2027'])
      expect(await finder.find('c')).toEqual([])
      await eraser.remove([one])
      expect(await finder.find('a')).toEqual([])
      await eraser.removeValues(other, ['year'])
      expect(await finder.find('b')).toHaveLength(2)
    })

    isolated('more rows than one call of the protocol takes', async ({ table, eraser }) => {
      const many = Array.from({ length: 60 }, (_, n) => row('many', `year#${2000 + n}`))
      await table.insert(many)
      await eraser.remove(many.slice(1))
      expect((await eraser.query('many')).items).toEqual([many[0]])
    })
  })
}
