import { provideKeeping } from '../instance.ts'
import { handler } from '../jobs/sweep.ts'
import { keepingOnAws } from './wiring.ts'

provideKeeping(await keepingOnAws())

export { handler }
