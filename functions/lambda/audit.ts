// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import type { GrantReader } from '../../shared/ledger/auditors/audit-grants.ts'
import { c15tAccountEndpoints } from '../c15t/account-endpoints.ts'
import { auditEndpoints } from '../endpoints/audit.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const onAws = instanceOnAws('audit')
const { entries, clock } = onAws.ledger

let reader: GrantReader | undefined
const instance = Object.assign(onAws, {
  grants: async () => {
    reader ??= (await import('../../shared/ledger/auditors/audit-grants.ts')).grantReader(entries, clock)
    return reader
  },
})
const endpoints: Endpoints<'audit'> = { ...auditEndpoints, ...c15tAccountEndpoints }

export const handler = createHandler(endpoints, instance)
