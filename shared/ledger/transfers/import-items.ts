/**
 * Where the items of imports are in `entries` (`shared/imports/import-state.ts` writes them). None has a leaf: what a person did has one of an
 * administrative act, and the rest is how far a worker is, which proves nothing.
 */
import type { Item } from '../store.ts'

/** What was asked. */
export const importPk = (controller: string): string => `${controller}#import`
/** The numbered states of one. */
export const importStatesPk = (controller: string, importId: string): string => `${controller}#import#${importId}`
/** What was started on a day, over all controllers. */
export const startedImportsPk = (day: string): string => `${startedPrefix}${day}`

const startedPrefix = '#imports#'

export function isStartedImport({ pk }: Pick<Item, 'pk'>): boolean {
  return pk.startsWith(startedPrefix)
}
