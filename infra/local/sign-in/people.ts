/** Who one can be on a ledger of one's own machine. The auditor has a standing grant (`local-auditors.ts`). */
import { localAuditor } from '../local-auditors.ts'

export interface LocalPerson {
  readonly role: 'auditor' | 'administrator' | 'analyst'
  readonly subject: string
  readonly scopes: readonly string[]
}

export const localPeople = (controller: string): readonly LocalPerson[] => [
  { role: 'auditor', subject: localAuditor(controller), scopes: ['consent.audit'] },
  {
    role: 'administrator',
    subject: `administrator@${controller}.example`,
    scopes: [
      ...['consent.admin', 'consent.erase', 'consent.hold', 'consent.import', 'consent.mandate', 'consent.statistics'],
      ...['consent.export', 'consent.export.clear'],
    ],
  },
  { role: 'analyst', subject: `analyst@${controller}.example`, scopes: ['consent.statistics'] },
]
