// Every call carries a token: what verifies it is there before the first.
import '../http/tokens.ts'
import { auditEndpoints } from '../endpoints/audit.ts'
import { createHandler } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

export const handler = createHandler(
  auditEndpoints,
  instanceOnAws({ opens: true, findsSubjects: true, handlesObjects: true, vouches: true }),
)
