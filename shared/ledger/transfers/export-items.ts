/**
 * Where the items of exports are in `entries` (`shared/exports/export-state.ts` writes them). None has a leaf: that somebody asked is a read,
 * which has one, and the rest is how far a worker is, which proves nothing.
 */
import type { Item } from '../store.ts'

/** What was asked. */
export const exportPk = (controller: string): string => `${controller}#export`
/** The numbered states of one. */
export const exportStatesPk = (controller: string, exportId: string): string => `${controller}#export#${exportId}`
/** What was asked on a day, over all controllers. */
export const askedExportsPk = (day: string): string => `${askedPrefix}${day}`

const askedPrefix = '#exports#'

export function isAskedExport({ pk }: Pick<Item, 'pk'>): boolean {
  return pk.startsWith(askedPrefix)
}
