/** A row of the vault is found by the pseudonym of its subject, whatever others claim, and until it is erased. */
import { describe, expect, it } from 'vitest'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { findByPseudonym } from '../../../../shared/ledger/vault/find-by-pseudonym.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading, vaultKey } from '../../../../shared/ledger/vault/vault.ts'
import { memorySubjectFinder } from '../../../support/memory-finder.ts'
import { memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'

const kim = { type: 'email', id: 'kim@example.org' }
const robin = { type: 'email', id: 'robin@example.org' }

async function world() {
  const ledger = memoryLedger('2026-11-22T12:00:00.000Z')
  const snapshot = await seeded(ledger)
  const scope = vaultScope(snapshot)
  for (const identity of [kim, robin])
    await recordEvents(ledger, snapshot, [submission({ eventId: identity.id }, { identity, assurance: 'operator' })])
  const search = { vault: ledger.vault, finder: memorySubjectFinder(ledger.vault) }
  const subOf = async (identity: typeof kim) => {
    const keys = await subjectKeysForReading(ledger, scope, identity)
    if (keys === undefined) throw new Error('nobody has this identifier')
    return keys.sub
  }
  const rowOf = async (identity: typeof kim): Promise<Item> => {
    const [row] = await ledger.vault.get([{ pk: vaultKey(scope, identity), sk: 'subject' }])
    if (row === undefined) throw new Error('there is no row')
    return row
  }
  return { ledger, scope, search, subOf, rowOf }
}

describe('the row of a pseudonym', () => {
  it('is the one by which its identifier is found', async () => {
    const { search, scope, subOf, rowOf } = await world()
    for (const identity of [kim, robin])
      expect(await findByPseudonym(search, scope, await subOf(identity))).toBe((await rowOf(identity)).pk)
  })

  it('is none for another controller, for nobody, and after the row went', async () => {
    const { ledger, search, scope, subOf, rowOf } = await world()
    const sub = await subOf(kim)
    expect(await findByPseudonym(search, { ...scope, controller: 'other' }, sub)).toBeUndefined()
    expect(await findByPseudonym(search, scope, 'A'.repeat(43))).toBeUndefined()
    ledger.vault.remove(await rowOf(kim))
    expect(await findByPseudonym(search, scope, sub)).toBeUndefined()
  })

  it('is none while the index names a row that is gone or another by now', async () => {
    const { ledger, search, scope, subOf, rowOf } = await world()
    const [sub, row, other] = [await subOf(kim), await rowOf(kim), await rowOf(robin)]
    const late = { ...search, finder: { find: async () => [row] } }
    expect(await findByPseudonym(late, scope, sub)).toBe(row.pk)
    ledger.vault.replace({ ...other, pk: row.pk })
    expect(await findByPseudonym(late, scope, sub)).toBeUndefined()
    ledger.vault.remove(row)
    expect(await findByPseudonym(late, scope, sub)).toBeUndefined()
  })

  it('is found among rows that claim the same holder: garbage, another person’s, rows of years', async () => {
    const { ledger, search, scope, subOf, rowOf } = await world()
    const [row, other] = [await rowOf(kim), await rowOf(robin)]
    const { holder = '' } = row.values
    const planted = Array.from({ length: 150 }, (_, n) => ({
      pk: `${n}`.padStart(3, '0'),
      sk: n % 3 === 0 ? 'subject' : 'year#2026',
      values: { holder, sub: n % 2 === 0 ? new Uint8Array(60) : 'x' },
    }))
    ledger.vault.replace({ ...other, values: { ...other.values, holder } })
    await ledger.vault.insert([...planted, { pk: '999', sk: 'subject', values: { ...row.values } }])
    expect(await findByPseudonym(search, scope, await subOf(kim))).toBe(row.pk)
    expect(await findByPseudonym(search, scope, await subOf(robin))).toBeUndefined()
  })

  it('is not found in a row from before the attribute', async () => {
    const { ledger, search, scope, subOf, rowOf } = await world()
    const { holder: _, ...values } = (await rowOf(kim)).values
    ledger.vault.replace({ ...(await rowOf(kim)), values })
    expect(await findByPseudonym(search, scope, await subOf(kim))).toBeUndefined()
  })
})
