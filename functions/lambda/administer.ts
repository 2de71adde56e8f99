// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { c15tLegalDocuments } from '../c15t/legal-document.ts'
import { administrationEndpoints } from '../endpoints/administration.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('administer')
/** Loaded on first use, because what a function loads at its start has a budget. */
const grants = async () => (await import('../endpoints/grants.ts')).grantEndpoints
const endpoints: Endpoints<'administer'> = {
  ...administrationEndpoints,
  makeGrant: async (call) => (await grants()).makeGrant(call),
  revokeGrant: async (call) => (await grants()).revokeGrant(call),
  listGrants: async (call) => (await grants()).listGrants(call),
  ...c15tLegalDocuments,
}

export const handler = createHandler(endpoints, instance)
