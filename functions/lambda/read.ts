import { provideInstance } from '../instance.ts'
import { handler } from '../read.ts'
import { instanceOnAws } from './on-aws.ts'

provideInstance(instanceOnAws({ opens: true, findsSubjects: true, handlesObjects: true }))

export { handler }
