import { provideRetaining } from '../instance.ts'
import { handler } from '../retain.ts'
import { retainingOnAws } from './on-aws.ts'

provideRetaining(retainingOnAws())

export { handler }
