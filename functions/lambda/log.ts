import { handler } from '../endpoints/log.ts'
import { provideInstance } from '../instance.ts'
import { instanceOnAws } from './wiring.ts'

provideInstance(instanceOnAws({ handlesObjects: true, vouches: true }))

export { handler }
