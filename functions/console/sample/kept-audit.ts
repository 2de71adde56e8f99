/**
 * The audit that an auditor is working on, kept in the tab's session storage: it outlives a reload and a new sign-in, and ends with the tab.
 * Other devices and people never see it; for them it is saved as a file.
 */
import { storeIn, tabStorage } from '../shell/storage.ts'
import type { DrawnSample } from './drawn-sample.ts'
import type { Findings } from './findings.ts'

export interface Audit {
  readonly sample: DrawnSample
  readonly findings: Findings
}

const keyOf = (controller: string) => `consent-console:sample:${controller}`

/** @returns the text of a findings file */
export function keptAudit(controller: string): string | undefined {
  return tabStorage().getItem(keyOf(controller)) ?? undefined
}

/** @returns whether there was room for it */
export function keepAudit(controller: string, file: string): boolean {
  return storeIn(tabStorage(), keyOf(controller), file)
}

export function discardAudit(controller: string): void {
  tabStorage().removeItem(keyOf(controller))
}
