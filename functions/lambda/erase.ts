// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { erasureEndpoints } from '../endpoints/erasures.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { eraserOnAws, instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('erase')
const endpoints: Endpoints<'erase'> = erasureEndpoints(eraserOnAws(instance.ledger))

export const handler = createHandler(endpoints, instance)
