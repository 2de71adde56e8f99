/**
 * Storage whose operations happen one by one in an order that a schedule says, and a thief who has everything: the tables, the
 * controller's secrets, and the patience to try every key on every event.
 */

import { createSecretKey } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { deriveKey, openBytes } from '../../../../shared/ledger/derived-keys.ts'
import { openPayload } from '../../../../shared/ledger/sealed-payload.ts'
import type { Item, Table, TableScan } from '../../../../shared/ledger/store.ts'
import type { VaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { scanPages } from '../../../support/scanned-items.ts'

export interface Steps {
  /** The same storage for a process whose steps the test releases one by one. */
  taken<T extends { readonly vault: object; readonly entries: object }>(by: T): T
  /** Lets one waiting step after the other happen, until the work is done. */
  run(work: Promise<unknown>): Promise<void>
}

type Operation = (...args: unknown[]) => Promise<unknown>

export function oneByOne(schedule: readonly number[]): Steps {
  const waiting: (() => void)[] = []
  const step =
    (operation: Operation): Operation =>
    async (...args) => {
      await new Promise<void>((resolve) => waiting.push(resolve))
      return operation(...args)
    }
  const stepping = <T extends object>(storage: T): T => {
    const operations = Object.entries(storage).map(([name, operation]) => [name, step(operation)])
    return Object.fromEntries(operations)
  }
  return {
    taken: (by) => ({ ...by, vault: stepping(by.vault), entries: stepping(by.entries) }),
    async run(work) {
      let isDone = false
      const done = work.finally(() => {
        isDone = true
      })
      for (let at = 0; !isDone; at++) {
        // All that can go on by itself has, by then.
        await setImmediate()
        const [next] = waiting.splice((schedule[at % schedule.length] ?? 0) % Math.max(1, waiting.length), 1)
        next?.()
      }
      await done
    },
  }
}

export interface Attributed {
  readonly item: Item
  /** Pseudonym of the partition that the event is in. */
  readonly sub: string
  readonly content: unknown
}

/** Every event that some key in the vault opens, whoever's row the key is in. */
export async function attributable(
  ledger: { readonly entries: Table & TableScan; readonly vault: Table & TableScan },
  { secrets, controller }: VaultScope,
): Promise<Attributed[]> {
  const rows: Item[] = []
  for await (const page of scanPages(ledger.vault)) rows.push(...page)
  const seals = rows.flatMap((row) => {
    const { proof } = row.values
    if (!(proof instanceof Uint8Array)) return []
    const plain = openBytes(secrets.dataKey, proof, `${row.pk}\n${row.sk}\nproof`)
    return [deriveKey(createSecretKey(plain), 'seal', controller)]
  })
  const events: Item[] = []
  for await (const page of scanPages(ledger.entries)) events.push(...page.filter(({ sk }) => sk.startsWith('event#')))
  return events.flatMap((item) =>
    seals.flatMap((seal): Attributed[] => {
      try {
        const content = openPayload(item.values.payload as Uint8Array, seal, item)
        return [{ item, sub: item.pk.slice(`${controller}#`.length), content }]
      } catch {
        return []
      }
    }),
  )
}

export const eventIn = ({ content }: Attributed): unknown => (content as { eventId?: unknown }).eventId
