import { provideRetaining } from '../instance.ts'
import { handler } from '../jobs/retain.ts'
import { retainingOnAws } from './wiring.ts'

provideRetaining(retainingOnAws())

export { handler }
