import { provideKeeping } from '../instance.ts'
import { handler, provideFailures } from '../redrive.ts'
import { failuresOnAws, keepingOnAws } from './on-aws.ts'

provideKeeping(await keepingOnAws())
provideFailures(failuresOnAws())

export { handler }
