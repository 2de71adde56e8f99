import { provideKeeping } from '../instance.ts'
import { handler } from '../release.ts'
import { keepingOnAws } from './on-aws.ts'

provideKeeping(await keepingOnAws())

export { handler }
