/** Retention's stores for a dry run: rows and values that it removes are gone for its own reads, and stay stored. */
import { dryTable } from '../jobs/dry-table.ts'
import type { RetentionJob } from '../ledger.ts'
import type { Item, Key, RetentionVault } from '../store.ts'

/** The same job, which writes nothing. */
export function dryRetentionJob(job: RetentionJob): RetentionJob {
  return { ...job, entries: dryTable(job.entries), vault: dryVault(job.vault) }
}

function dryVault(stored: RetentionVault): RetentionVault {
  /** Rows as the run would leave them; `undefined` for a deleted one. */
  const changed = new Map<string, Item | undefined>()
  const name = ({ pk, sk }: Key) => JSON.stringify([pk, sk])
  const now = (item: Item): Item | undefined => (changed.has(name(item)) ? changed.get(name(item)) : item)
  const left = <Page extends { readonly items: readonly Item[] }>(page: Page): Page => ({
    ...page,
    items: page.items.flatMap((item) => now(item) ?? []),
  })
  return {
    get: async (keys) => (await stored.get(keys)).map((item) => item && now(item)),
    query: async (pk, options) => left(await stored.query(pk, options)),
    scan: async (after, slice) => left(await stored.scan(after, slice)),
    async remove(rows) {
      for (const row of rows) changed.set(name(row), undefined)
    },
    async removeValues(row, names) {
      const kept = Object.entries(row.values).filter(([each]) => !names.includes(each))
      changed.set(name(row), { ...row, values: Object.fromEntries(kept) })
    },
  }
}
