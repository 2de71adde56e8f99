import { provideInstance } from '../instance.ts'
import { handler } from '../log.ts'
import { instanceOnAws } from './on-aws.ts'

provideInstance(instanceOnAws({ opens: false, signs: false, vouches: true }))

export { handler }
