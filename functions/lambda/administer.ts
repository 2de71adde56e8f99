// Every call carries a token: what verifies it is there before the first.
import '../http/tokens.ts'
import { administrationEndpoints } from '../endpoints/administration.ts'
import { createHandler } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

export const handler = createHandler(
  administrationEndpoints,
  instanceOnAws({ opens: true, findsSubjects: true, handlesObjects: true, administers: true }),
)
