import { provideInstance } from '../instance.ts'
import { handler } from '../log.ts'
import { instanceOnAws } from './on-aws.ts'

provideInstance(instanceOnAws({ handlesObjects: true, vouches: true }))

export { handler }
