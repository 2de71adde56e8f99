import { logEndpoints } from '../endpoints/log.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('log')
const endpoints: Endpoints<'log'> = logEndpoints

export const handler = createHandler(endpoints, instance)
