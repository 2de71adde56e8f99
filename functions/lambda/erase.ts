// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { askedErasureEndpoints } from '../endpoints/asked-erasures.ts'
import { dispositionEndpoints } from '../endpoints/dispositions.ts'
import { erasureEndpoints } from '../endpoints/erasures.ts'
import { holdEndpoints } from '../endpoints/holds.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { eraserOnAws, instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('erase')
const eraser = eraserOnAws(instance.ledger)
const endpoints: Endpoints<'erase'> = {
  ...erasureEndpoints(eraser),
  ...askedErasureEndpoints(eraser),
  ...holdEndpoints(eraser),
  ...dispositionEndpoints,
}

export const handler = createHandler(endpoints, instance)
