/**
 * Imports a customer who is older than this ledger: Elin of the demo world, who accepted the first version of the terms in 2024. The
 * imported acceptance has the day that the old register states.
 */
import type { ServerLedger } from '../../../shared/server/server.ts'
import { people } from '../world/people.ts'
import type { SiteRecords } from './site-records.ts'

export async function importEarlierCustomer(ledger: ServerLedger, records: SiteRecords): Promise<void> {
  const { account, name, email } = people.elin
  if (records.accounts[account]) return
  await ledger.recordEvents({
    eventId: '5b0c1f5e-6f0a-4c0e-9d0e-2d1f0a6a2001',
    occurredAt: '2024-05-02T09:14:00Z',
    subject: { identifier: { type: 'account', id: account }, assurance: 'imported' },
    decisions: [
      { policyId: 'general-terms', verb: 'accepted' },
      { policyId: 'privacy-policy', verb: 'acknowledged' },
    ],
    shown: [
      { policyId: 'general-terms', version: '1', locale: 'sv-SE' },
      { policyId: 'privacy-policy', version: '1', locale: 'sv-SE' },
    ],
    channel: 'web',
    surface: 'signup',
    act: 'checkbox',
    control: 'single',
  })
  records.accounts[account] = { account, name, email }
  await records.save()
}
