// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { auditEndpoints } from '../endpoints/audit.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('audit')
const endpoints: Endpoints<'audit'> = auditEndpoints

export const handler = createHandler(endpoints, instance)
