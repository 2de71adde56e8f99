import { provideKeeping } from '../instance.ts'
import { handler } from '../jobs/release.ts'
import { keepingOnAws } from './wiring.ts'

provideKeeping(await keepingOnAws())

export { handler }
