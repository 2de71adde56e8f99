import { handler } from '../endpoints/policies.ts'
import { provideInstance } from '../instance.ts'
import { instanceOnAws } from './wiring.ts'

provideInstance(instanceOnAws({ opens: true, findsSubjects: true, handlesObjects: true }))

export { handler }
