/**
 * Which ends the endpoints of a controller want to hear of: those that have come, and those that lie some days ahead. Disabled endpoints ask
 * as well, because what happens meanwhile is sent when they are enabled; but only an enabled one starts the work.
 */
import { defaultExpiringDays } from '../../consent/expiry.ts'
import { newestEndpoints } from '../fan-out/endpoint-entries.ts'
import type { Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

export interface AskedLead {
  /** 0: the end itself. */
  readonly days: number
  /** Since when an endpoint asks for it, as the settings of now say. */
  readonly since: string
}

/** In the order of their days. None when no enabled endpoint asks for any. */
export async function askedLeads(entries: Pick<Table, 'query'>, scope: VaultScope): Promise<readonly AskedLead[]> {
  const since = new Map<number, string>()
  let isEnabled = false
  for (const { settings } of await newestEndpoints(entries, scope)) {
    const days = [
      ...(settings.types.includes('consent.expired') ? [0] : []),
      ...(settings.types.includes('consent.expiring') ? [settings.expiringDays ?? defaultExpiringDays] : []),
    ]
    if (days.length > 0 && settings.state === 'enabled') isEnabled = true
    for (const each of days) {
      const known = since.get(each)
      if (known === undefined || settings.changedAt < known) since.set(each, settings.changedAt)
    }
  }
  if (!isEnabled) return []
  return [...since].map(([days, at]) => ({ days, since: at })).sort((a, b) => a.days - b.days)
}
