// Every call carries a token: what verifies it is there before the first.
import '../http/tokens.ts'
import { handler } from '../endpoints/administration.ts'
import { provideInstance } from '../instance.ts'
import { instanceOnAws } from './wiring.ts'

provideInstance(instanceOnAws({ opens: true, findsSubjects: true, handlesObjects: true, administers: true }))

export { handler }
