import { readEndpoints } from '../endpoints/policies.ts'
import { createHandler } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws({ opens: true, findsSubjects: true, handlesObjects: true })

export const handler = createHandler(readEndpoints(instance.ledger), instance)
