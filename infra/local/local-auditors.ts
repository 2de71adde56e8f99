/**
 * The auditors of a ledger on one machine: the subject of `npm run token` when it is given none, and the auditor in the commands that
 * `npm start` prints. The demo world and `npm run controller` grant them everything, because whoever runs the ledger owns its data.
 */
import { hashedUuid } from '../../shared/hashed-uuid.ts'
import type { GrantDraft } from '../../shared/ledger/auditors/audit-grants.ts'
import { developmentIssuer } from './development-issuer.ts'

export const localDeveloper = 'developer@localhost'
export const localAuditor = (controller: string) => `auditor@${controller}.example`

/** A grant for everything, to a holder of tokens of the development issuer. Its id follows from the rest, so that it is made once. */
export function localGrant(controller: string, subject: string) {
  return {
    grantId: hashedUuid(JSON.stringify([controller, subject])),
    auditor: { issuer: developmentIssuer, subject },
    name: 'An auditor on this machine',
    subjects: { kind: 'all' },
    // Before everything that the demo's made-up past has, and after all to which its clock can be moved.
    from: '2020-01-01T00:00:00.000Z',
    until: '2100-01-01T00:00:00.000Z',
  } as const satisfies GrantDraft
}

export const localGrants = (controller: string) =>
  [localDeveloper, localAuditor(controller)].map((subject) => localGrant(controller, subject))
