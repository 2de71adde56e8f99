/** Walks the slices of a table that are a run's share, from a position that can be stored. The next page is requested while the caller processes this one. */
import type { Item, ScanPage, TableScan } from '../store.ts'
import type { Audit } from './audit-run.ts'
import type { TablePosition } from './pass-state.ts'

export interface WalkOptions {
  /** A slice that was begun is read to its end, because a position within it must not be stored. @default false */
  readonly wholeSlices?: boolean
}

/** @returns false when the run must end before the table does; `pass.walk` is then where the next one goes on */
export async function walkTable(
  { pass, mayGoOn }: Audit,
  table: TableScan,
  handle: (page: readonly Item[]) => Promise<void>,
  { wholeSlices = false }: WalkOptions = {},
): Promise<boolean> {
  const { walk, slices, of } = pass
  const scan = ({ slice, after }: TablePosition): Promise<ScanPage> =>
    table.scan(after, slices === 1 ? undefined : { index: slice, of: slices })
  let coming: Promise<ScanPage> | undefined
  while (walk.slice < slices) {
    const isWithin = wholeSlices && walk.after !== undefined
    if (!isWithin && !mayGoOn()) return false
    const page: ScanPage = await (coming ?? scan(walk))
    const next: TablePosition = page.next ? { slice: walk.slice, after: page.next } : { slice: walk.slice + of }
    coming = next.slice < slices ? scan(next) : undefined
    // A caller that stops early leaves this request unhandled.
    coming?.catch(() => {})
    await handle(page.items)
    walk.slice = next.slice
    if (next.after) walk.after = next.after
    else delete walk.after
  }
  return true
}
