/** What retention costs with many controllers: calls and keys tried, counted. */
import { expect, it } from 'vitest'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { claimKey } from '../../../../shared/ledger/controllers/provider-claims.ts'
import {
  type ControllerSecrets,
  controllerSecretsBytes,
  readControllerSecrets,
} from '../../../../shared/ledger/derived-keys.ts'
import { applyRetentionToPage } from '../../../../shared/ledger/retention/apply-retention.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { subjectKeysForWriting } from '../../../../shared/ledger/vault/vault.ts'
import { controllerDraft, memoryLedger } from '../../../support/memory-ledger.ts'
import { memoryTable } from '../../../support/memory-table.ts'
import { memoryRetainer } from '../../../support/memory-vault.ts'

/** A vault with subjects of so many controllers, this year’s, so that nothing lapses. `old` rows name no controller. */
async function vaultOf(controllers: number, subjectsOfEach: number, old = false) {
  const made = memoryLedger('2026-12-01T00:00:00.000Z')
  const counted = { snapshots: 0, keysTried: 0 }
  const snapshots = new Map<string, ControllerSnapshot>()
  const vault = memoryTable()
  for (let i = 0; i < controllers; i++) {
    const controller = `controller-${i}`
    const secrets = readControllerSecrets(made.random(controllerSecretsBytes))
    const scope = { controller, country: 'SE', secrets }
    for (let j = 0; j < subjectsOfEach; j++)
      await subjectKeysForWriting(made, scope, { type: 'email', id: `${j}@example.org` }, 2026, true)
    const identityProvider = { ...controllerDraft.identityProvider, audience: controller }
    const values = { record: JSON.stringify({ controller }) }
    await made.entries.insert([{ ...claimKey(identityProvider), values }])
    const watched: ControllerSecrets = {
      ...secrets,
      get dataKey() {
        counted.keysTried++
        return secrets.dataKey
      },
    }
    snapshots.set(controller, { controller: { controller }, secrets: watched } as ControllerSnapshot)
  }
  const rows = (await memoryRetainer(made).vault.scan()).items.map(({ pk, sk, values }): Item => {
    const { controller: _, ...others } = values
    return { pk, sk, values: old ? others : values }
  })
  await vault.insert(rows)
  const controllersRead = {
    recent: async (controller: string) => {
      counted.snapshots++
      return snapshots.get(controller)
    },
    current: async (controller: string) => snapshots.get(controller),
  }
  const ledger = { ...made, vault, controllers: controllersRead }
  return { counted, retain: () => applyRetentionToPage(memoryRetainer(ledger)) }
}

it.each([10, 1000])(
  'with %i controllers a row costs two keys tried, and a controller one reading',
  async (controllers) => {
    const { counted, retain } = await vaultOf(controllers, 2)
    expect(await retain()).toMatchObject({ subjects: 2 * controllers, unreadable: 0 })
    expect(counted).toEqual({ snapshots: controllers, keysTried: 2 * 2 * controllers })
  },
)

it('rows that name no controller are still found, at the price of trying all', async () => {
  const { counted, retain } = await vaultOf(20, 2, true)
  expect(await retain()).toMatchObject({ subjects: 40, unreadable: 0 })
  expect(counted.snapshots).toBe(20)
  // A wrong key costs one try, the right one two. Each of the 40 rows is tried with ten and a half controllers on average.
  expect(counted.keysTried).toBe(2 * ((20 * 21) / 2) + 40)
})
