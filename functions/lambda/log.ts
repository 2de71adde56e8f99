import { logEndpoints } from '../endpoints/log.ts'
import { createHandler } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

export const handler = createHandler(logEndpoints, instanceOnAws({ handlesObjects: true, vouches: true }))
