/**
 * A thief who has everything that a ledger still has: its tables, the secrets of its controllers, every key that is left in the vault and
 * every key derived from those, twice over. Each is tried on every sealed value of every item.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { derivedUses, deriveKey, openBytes } from '../../shared/ledger/derived-keys.ts'
import { openPayload } from '../../shared/ledger/sealed-payload.ts'
import type { Item } from '../../shared/ledger/store.ts'

export interface StolenData {
  readonly clear: readonly string[]
  /** Plaintexts that any of the keys opens. */
  readonly opened: readonly string[]
  /** Keys with which a guess could be salted and compared. */
  readonly keys: readonly KeyObject[]
}

export function steal(...everything: Parameters<typeof tryAll>): StolenData {
  // Keys that do not fit, by the hundred thousand: the stack trace of a refusal takes longer than trying the key.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return tryAll(...everything)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function tryAll(
  controllers: readonly ControllerSnapshot[],
  entries: readonly Item[],
  vault: readonly Item[],
): StolenData {
  const keys = controllers.flatMap(({ controller: { controller }, secrets }) => {
    const noticeKeys = [secrets.noticeKey, ...secrets.earlierNoticeKeys.map(({ key }) => key)]
    const roots = [secrets.dataKey, ...secrets.peppers, ...noticeKeys, ...unwrapped(secrets.dataKey, vault)]
    const derived = (of: readonly KeyObject[]) =>
      of.flatMap((key) => derivedUses.map((use) => deriveKey(key, use, controller)))
    const once = derived(roots)
    return [...roots, ...once, ...derived(once)]
  })
  const items = [...entries, ...vault]
  const opened = items.flatMap((item) =>
    Object.values(item.values).flatMap((value) => (value instanceof Uint8Array ? openedBy(keys, value, item) : [])),
  )
  const clear = items.map(({ pk, sk, values }) => [pk, sk, ...Object.values(values).map(String)].join('\n'))
  return { clear, opened, keys }
}

function unwrapped(dataKey: KeyObject, vault: readonly Item[]): KeyObject[] {
  return vault.flatMap(({ pk, sk, values }) =>
    ['sub', 'proof', 'context'].flatMap((name) => {
      const wrapped = values[name]
      if (!(wrapped instanceof Uint8Array)) return []
      const bytes = attempt(() => openBytes(dataKey, wrapped, `${pk}\n${sk}\n${name}`))
      return bytes ? [createSecretKey(bytes)] : []
    }),
  )
}

/** The plaintexts, and the decoded contents of base64url strings in them, which are disclosures. */
function openedBy(keys: readonly KeyObject[], sealed: Uint8Array, item: Item): string[] {
  return keys.flatMap((key) => {
    const content = attempt(() => openPayload(sealed, key, item))
    if (content === undefined) return []
    const text = JSON.stringify(content)
    return [text, ...(text.match(/[\w-]{40,}/g) ?? []).map((part) => Buffer.from(part, 'base64url').toString())]
  })
}

function attempt<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
