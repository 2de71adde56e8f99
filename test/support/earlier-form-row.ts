/** Makes a subject as the ledger did when identifiers had an earlier form: its row is named by the identifier as it is given. */
import type { Identity } from '../../shared/consent/event.ts'
import { openBytes, sealBytes } from '../../shared/ledger/derived-keys.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Attribute, Key } from '../../shared/ledger/store.ts'
import type { VaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForWriting, vaultKey } from '../../shared/ledger/vault/vault.ts'
import { wrappingContext } from '../../shared/ledger/vault/vault-rows.ts'

/** `form` is in an earlier form already, which is the name of its row. The keys are those of a new person, sealed for their new place. */
export async function storeUnderForm(ledger: Ledger, scope: VaultScope, form: Identity): Promise<void> {
  const year = new Date(ledger.clock()).getUTCFullYear()
  const other: Identity = { type: 'account', id: `a copy's source: ${JSON.stringify(form)}` }
  await subjectKeysForWriting(ledger, scope, other, year, true)
  const [made] = await ledger.vault.get([{ pk: vaultKey(scope, other), sk: 'subject' }])
  if (made === undefined) throw new Error('no row was made')
  const key: Key = { pk: vaultKey(scope, form), sk: 'subject' }
  const moved = (name: string, value: Attribute): Attribute => {
    if (!(value instanceof Uint8Array)) return value
    const opened = openBytes(scope.secrets.dataKey, value, wrappingContext(made, name))
    return sealBytes(scope.secrets.dataKey, opened, wrappingContext(key, name), ledger.random)
  }
  const values = Object.fromEntries(Object.entries(made.values).map(([name, value]) => [name, moved(name, value)]))
  await ledger.vault.insert([{ ...key, values }])
}
