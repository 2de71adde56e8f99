// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import type { GrantReader } from '../../shared/ledger/auditors/audit-grants.ts'
import { dynamoSubjectFinder } from '../aws/subject-finder.ts'
import { c15tAccountEndpoints } from '../c15t/account-endpoints.ts'
import { auditEndpoints } from '../endpoints/audit.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { variable } from './environment.ts'
import { transferFilesOnAws } from './transfer-files.ts'
import { dynamoDb, instanceOnAws } from './wiring.ts'

const onAws = instanceOnAws('audit')
const { entries, clock } = onAws.ledger

let reader: GrantReader | undefined
const instance = Object.assign(onAws, {
  subjectFinder: dynamoSubjectFinder(dynamoDb, variable('vault')),
  grants: async () => {
    reader ??= (await import('../../shared/ledger/auditors/audit-grants.ts')).grantReader(entries, clock)
    return reader
  },
})
/** Loaded on first use, because what a function loads at its start has a budget. */
const exports = async () => (await import('../endpoints/exports.ts')).exportEndpoints(transferFilesOnAws())
const endpoints: Endpoints<'audit'> = {
  makeExport: async (call) => (await exports()).makeExport(call),
  listExports: async (call) => (await exports()).listExports(call),
  getExport: async (call) => (await exports()).getExport(call),
  cancelExport: async (call) => (await exports()).cancelExport(call),
  ...auditEndpoints,
  ...c15tAccountEndpoints,
}

export const handler = createHandler(endpoints, instance)
