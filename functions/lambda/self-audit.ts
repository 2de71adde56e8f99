import { createSelfAuditHandler } from '../jobs/self-audit.ts'
import { selfAuditOnAws } from './wiring.ts'

export const handler = createSelfAuditHandler(await selfAuditOnAws())
