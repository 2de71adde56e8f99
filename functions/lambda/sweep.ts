import { createSweepHandler } from '../jobs/sweep.ts'
import { logJobOnAws } from './wiring.ts'

export const handler = createSweepHandler(await logJobOnAws())
