import { createRedriveHandler } from '../jobs/redrive.ts'
import { failuresOnAws, logJobOnAws } from './wiring.ts'

export const handler = createRedriveHandler(await logJobOnAws(), failuresOnAws())
