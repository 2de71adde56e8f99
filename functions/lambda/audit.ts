// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { c15tAccountEndpoints } from '../c15t/account-endpoints.ts'
import { auditEndpoints } from '../endpoints/audit.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('audit')
const endpoints: Endpoints<'audit'> = { ...auditEndpoints, ...c15tAccountEndpoints }

export const handler = createHandler(endpoints, instance)
