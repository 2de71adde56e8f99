import { provideKeeping } from '../instance.ts'
import { handler } from '../sweep.ts'
import { keepingOnAws } from './on-aws.ts'

provideKeeping(await keepingOnAws())

export { handler }
