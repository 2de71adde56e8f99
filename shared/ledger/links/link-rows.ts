/**
 * The rows of the vault by which one subject of a link finds the other. They are in the vault because deleting is how the ledger forgets: erasing
 * either subject deletes both rows, and then nothing leads from the one that is left to the other.
 *
 *   PK  the name of the subject's rows     SK  `link#<side>`, as in `link-entries.ts`
 *   controller   as of every row           other   the key of the other's row, wrapped by the controller's data key
 *
 * They are inserted before the entries. A crash in between leaves rows without entries, which link nothing.
 */
import { openBytes, sealBytes } from '../derived-keys.ts'
import type { Item, Key, Randomness, Table, VaultEraser } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { wrappingContext } from '../vault/vault-rows.ts'

const prefix = 'link#'

export const linkRowKey = (pk: string, side: string): Key => ({ pk, sk: prefix + side })

export const isLinkRow = ({ sk }: Key): boolean => sk.startsWith(prefix)

export function linkRow({ controller, secrets }: VaultScope, at: Key, other: Key, random: Randomness): Item {
  const named = Buffer.from(JSON.stringify([other.pk, other.sk]))
  const context = wrappingContext(at, 'other')
  return { ...at, values: { controller, other: sealBytes(secrets.dataKey, named, context, random) } }
}

/** Key of the other subject's row; `undefined` when the row does not open for this controller. */
export function otherRowIn({ secrets }: VaultScope, row: Item): Key | undefined {
  const { other } = row.values
  if (!(other instanceof Uint8Array)) return undefined
  try {
    const [pk, sk] = JSON.parse(openBytes(secrets.dataKey, other, wrappingContext(row, 'other')).toString())
    return typeof pk === 'string' && typeof sk === 'string' ? { pk, sk } : undefined
  } catch {
    return undefined
  }
}

/** Deletes the rows that lead to a subject, which are under those that it is linked to. `rows`: its own rows, which the caller deletes after. */
export async function removeRowsLeadingTo(vault: VaultEraser, scope: VaultScope, rows: readonly Item[]): Promise<void> {
  const leading = rows.filter(isLinkRow).flatMap((row) => otherRowIn(scope, row) ?? [])
  if (leading.length === 0) return
  const found = await vault.get(leading)
  await vault.remove(found.filter((row): row is Item => row !== undefined && isLinkRow(row)))
}

/** Those of these rows whose other subject is gone. */
export async function rowsLeadingNowhere(
  vault: Pick<Table, 'get'>,
  scope: VaultScope,
  rows: readonly Item[],
): Promise<Item[]> {
  const leading = rows.flatMap((row) => {
    const other = isLinkRow(row) ? otherRowIn(scope, row) : undefined
    return other ? [{ row, subject: { pk: other.pk, sk: 'subject' } }] : []
  })
  if (leading.length === 0) return []
  const found = await vault.get(leading.map(({ subject }) => subject))
  return leading.flatMap(({ row }, i) => (found[i] === undefined ? [row] : []))
}
