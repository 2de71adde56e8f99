// Every call carries a token: what verifies it is there before the first.
import '../http/tokens.ts'
import { erasureEndpoints } from '../endpoints/erasures.ts'
import { createHandler } from '../http/app.ts'
import { eraserOnAws, instanceOnAws } from './wiring.ts'

const instance = instanceOnAws({ opens: true, findsSubjects: true })

export const handler = createHandler(erasureEndpoints(eraserOnAws(instance.ledger)), instance)
