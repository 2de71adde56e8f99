import { createRetainHandler } from '../jobs/retain.ts'
import { retentionOnAws } from './wiring.ts'

export const handler = createRetainHandler(retentionOnAws())
