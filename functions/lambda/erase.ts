// Every call carries a token, so the code that verifies tokens is loaded at start.
import '../http/tokens.ts'
import { erasureEndpoints } from '../endpoints/erasures.ts'
import { holdEndpoints } from '../endpoints/holds.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { eraserOnAws, instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('erase')
const eraser = eraserOnAws(instance.ledger)
/** Loaded on first use, because what a function loads at its start has a budget. */
const asked = async () => (await import('../endpoints/asked-erasures.ts')).askedErasureEndpoints(eraser)
const dispositions = async () => (await import('../endpoints/dispositions.ts')).dispositionEndpoints
const endpoints: Endpoints<'erase'> = {
  ...erasureEndpoints(eraser),
  ...holdEndpoints(eraser),
  listErasureRequests: async (call) => (await asked()).listErasureRequests(call),
  decideErasure: async (call) => (await asked()).decideErasure(call),
  listDispositions: async (call) => (await dispositions()).listDispositions(call),
}

export const handler = createHandler(endpoints, instance)
