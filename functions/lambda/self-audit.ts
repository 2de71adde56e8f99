import { provideAudited } from '../instance.ts'
import { handler } from '../jobs/self-audit.ts'
import { auditedOnAws } from './wiring.ts'

provideAudited(await auditedOnAws())

export { handler }
