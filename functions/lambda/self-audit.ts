import { provideAudited } from '../instance.ts'
import { handler } from '../self-audit.ts'
import { auditedOnAws } from './on-aws.ts'

provideAudited(await auditedOnAws())

export { handler }
