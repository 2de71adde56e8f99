import { createSequenceHandler } from '../jobs/sequence.ts'
import { handoversOnAws, logJobOnAws } from './wiring.ts'

export const handler = createSequenceHandler({ ...(await logJobOnAws()), ...handoversOnAws() })
