/** The decision that was recorded last on this device, so that another page or tab that hears of it does not record it again. */
import { attempt, browserStorage, type ClientStorage } from '../storage.ts'

export interface Mark {
  last(): string | undefined
  set(decision: string): void
}

/** Without a storage it lasts as long as the page. */
export function openMark(adapter: string, storage: ClientStorage | undefined = browserStorage()): Mark {
  const key = `consent-ledger:${adapter}:recorded`
  let here: string | undefined
  return {
    last: () => attempt(() => storage?.getItem(key)) ?? here,
    set(decision) {
      here = decision
      attempt(() => storage?.setItem(key, decision))
    },
  }
}
