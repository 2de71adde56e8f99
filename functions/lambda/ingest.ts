import { eventEndpoints } from '../endpoints/events.ts'
import { createHandler } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

export const handler = createHandler(
  eventEndpoints,
  instanceOnAws({ opens: true, findsSubjects: true, signs: true, handlesObjects: true }),
)
