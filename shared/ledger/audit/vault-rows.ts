/**
 * The vault read from its rows instead of from a name: whose keys a row holds. Only the self-audit does that. Layout and wrapping are
 * those of `vault.ts`.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { type ControllerSecrets, derive, deriveBytes, openBytes } from '../keys.ts'
import type { Item } from '../store.ts'
import type { SealingKeys, SubjectKeys, YearKeys } from '../vault.ts'

export interface RowScope {
  readonly controller: string
  readonly secrets: ControllerSecrets
}

/** The `sub` of a row `subject`; `undefined` when its key is gone. Throws when it does not open for this controller. */
export function subOf(scope: RowScope, row: Item): string | undefined {
  const root = unwrap(scope, row, 'sub')
  return root && deriveBytes(root, 'sub', scope.controller).toString('base64url')
}

/** The keys that are left in these rows of one subject; `undefined` without the row `subject`. Throws when one does not open. */
export function keysInRows(scope: RowScope, rows: readonly Item[]): SubjectKeys | undefined {
  const { controller } = scope
  const subject = rows.find((row) => row.sk === 'subject')
  const root = subject && unwrap(scope, subject, 'sub')
  if (root === undefined) return undefined
  const years = new Map<number, YearKeys>()
  for (const row of rows) {
    const proof = unwrap(scope, row, 'proof')
    const context = unwrap(scope, row, 'context')
    if (proof === undefined) continue
    const opened = { proof: sealing(proof, controller), ...(context && { context: sealing(context, controller) }) }
    years.set(Number(row.values.year), opened)
  }
  const sub = deriveBytes(root, 'sub', controller).toString('base64url')
  return {
    controller,
    sub,
    pk: `${controller}#${sub}`,
    id: derive(root, 'id', controller),
    digest: derive(root, 'digest', controller),
    years,
  }
}

function unwrap({ secrets }: RowScope, row: Item, name: string): KeyObject | undefined {
  const wrapped = row.values[name]
  if (!(wrapped instanceof Uint8Array)) return undefined
  return createSecretKey(openBytes(secrets.dataKey, wrapped, `${row.pk}\n${row.sk}\n${name}`))
}

function sealing(key: KeyObject, controller: string): SealingKeys {
  return { salt: derive(key, 'salt', controller), seal: derive(key, 'seal', controller) }
}
