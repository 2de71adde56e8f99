import { createReleaseHandler } from '../jobs/release.ts'
import { logJobOnAws } from './wiring.ts'

export const handler = createReleaseHandler(await logJobOnAws())
