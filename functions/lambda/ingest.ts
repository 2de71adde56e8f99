import { c15tRecording } from '../c15t/recording.ts'
import { eventEndpoints } from '../endpoints/events.ts'
import { receiptEndpoints } from '../endpoints/receipts.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws, signedPromises } from './wiring.ts'

const instance = instanceOnAws('ingest', signedPromises)
const endpoints: Endpoints<'ingest'> = { ...eventEndpoints, ...receiptEndpoints, ...c15tRecording }

export const handler = createHandler(endpoints, instance)
