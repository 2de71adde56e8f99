/**
 * Opens reads and acts with the keys of the token's holder. They name the holder by the pseudonym only, so the vault part has noted in which slice
 * the holder's row is. That slice is read again when an entry of the holder is met, once in a run.
 */
import type { Item, Key } from '../store.ts'
import { subOf } from '../vault/vault-rows.ts'
import type { Audit, Entry } from './audit-run.ts'
import { checkSealed, sealedOf } from './check-sealed-entries.ts'
import { scopesOf } from './check-vault.ts'

export async function checkHolderEntries(audit: Audit, entries: readonly Entry[]): Promise<void> {
  const held = entries.flatMap((entry) => (entry.kind === 'event' ? [] : (sealedOf(audit.controllers, entry) ?? [])))
  for (const [owner, sealed] of Map.groupBy(held, ({ controller, sub }) => `${controller}#${sub}`)) {
    const slice = audit.pass.holders.get(owner)
    // The holder is newer than the pass: the next one opens what it did.
    if (slice === undefined) continue
    await checkSealed(audit, sealed, slice === -1 ? [] : await rowsIn(audit, slice, owner))
  }
}

async function rowsIn(audit: Audit, slice: number, owner: string): Promise<readonly Item[]> {
  const { readSlices, holderRows } = audit
  if (!readSlices.has(slice)) await readSlice(audit, slice)
  readSlices.add(slice)
  return holderRows.get(owner) ?? []
}

async function readSlice({ ledger, pass, controllers, holderRows }: Audit, slice: number): Promise<void> {
  const scopes = scopesOf({ controllers })
  const owners = new Map<string, string>()
  let after: Key | undefined
  do {
    const page = await ledger.vault.scan(after, pass.slices === 1 ? undefined : { index: slice, of: pass.slices })
    for (const row of page.items) {
      if (row.sk === 'subject') {
        for (const scope of scopes(row)) {
          const found = subOf(scope, row)
          const { controller } = scope
          if (typeof found === 'object' && pass.holders.has(`${controller}#${found.sub}`))
            owners.set(row.pk, `${controller}#${found.sub}`)
        }
      }
      const owner = owners.get(row.pk)
      if (owner !== undefined) holderRows.set(owner, [...(holderRows.get(owner) ?? []), row])
    }
    after = page.next
  } while (after !== undefined)
}
