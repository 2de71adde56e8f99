import { handler } from '../audit.ts'
import { provideInstance } from '../instance.ts'
import { instanceOnAws } from './on-aws.ts'

provideInstance(instanceOnAws({ opens: true, signs: false }))

export { handler }
