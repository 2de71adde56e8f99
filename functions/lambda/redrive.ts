import { provideKeeping } from '../instance.ts'
import { handler, provideFailures } from '../jobs/redrive.ts'
import { failuresOnAws, keepingOnAws } from './wiring.ts'

provideKeeping(await keepingOnAws())
provideFailures(failuresOnAws())

export { handler }
