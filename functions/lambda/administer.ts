// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { administrationEndpoints } from '../endpoints/administration.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('administer')
/** Loaded on first use, because what a function loads at its start has a budget. */
const grants = async () => (await import('../endpoints/grants.ts')).grantEndpoints
const fanOut = async () => (await import('../endpoints/endpoints.ts')).endpointEndpoints
const files = async () => (await import('./transfer-files.ts')).transferFilesOnAws()
const imports = async () => (await import('../endpoints/imports.ts')).importEndpoints(await files())
const c15t = async () => (await import('../c15t/legal-document.ts')).c15tLegalDocuments
const endpoints: Endpoints<'administer'> = {
  ...administrationEndpoints,
  makeGrant: async (call) => (await grants()).makeGrant(call),
  revokeGrant: async (call) => (await grants()).revokeGrant(call),
  listGrants: async (call) => (await grants()).listGrants(call),
  makeEndpoint: async (call) => (await fanOut()).makeEndpoint(call),
  listEndpoints: async (call) => (await fanOut()).listEndpoints(call),
  changeEndpoint: async (call) => (await fanOut()).changeEndpoint(call),
  rotateSecret: async (call) => (await fanOut()).rotateSecret(call),
  askRedelivery: async (call) => (await fanOut()).askRedelivery(call),
  listDeliveries: async (call) => (await fanOut()).listDeliveries(call),
  makeImport: async (call) => (await imports()).makeImport(call),
  listImports: async (call) => (await imports()).listImports(call),
  getImport: async (call) => (await imports()).getImport(call),
  startImport: async (call) => (await imports()).startImport(call),
  cancelImport: async (call) => (await imports()).cancelImport(call),
  c15tRelease: async (call) => (await c15t()).c15tRelease(call),
}

export const handler = createHandler(endpoints, instance)
