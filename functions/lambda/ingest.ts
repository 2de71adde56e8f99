import { eventEndpoints } from '../endpoints/events.ts'
import { receiptEndpoints } from '../endpoints/receipts.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { limitControllers, parseControllerLimit } from '../http/controller-limit.ts'
import { variable } from './environment.ts'
import { instanceOnAws, signedPromises } from './wiring.ts'

const limitController = limitControllers(parseControllerLimit(variable('controllerLimit')), Date.now)
const instance = instanceOnAws('ingest', { promisesOf: signedPromises, limitController })
const endpoints: Endpoints<'ingest'> = {
  ...eventEndpoints,
  ...receiptEndpoints,
  // Loaded with the first event of a c15t client, because what a function loads at its start has a budget.
  c15tRecord: async (call) => (await import('../c15t/recording.ts')).c15tRecording.c15tRecord(call),
}

export const handler = createHandler(endpoints, instance)
