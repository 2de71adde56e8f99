import { createSequenceHandler } from '../jobs/sequence.ts'
import { logJobOnAws } from './wiring.ts'

export const handler = createSequenceHandler(await logJobOnAws())
