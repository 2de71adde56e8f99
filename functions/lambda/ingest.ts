import { handler } from '../endpoints/events.ts'
import { provideInstance } from '../instance.ts'
import { instanceOnAws } from './wiring.ts'

provideInstance(instanceOnAws({ opens: true, findsSubjects: true, signs: true, handlesObjects: true }))

export { handler }
