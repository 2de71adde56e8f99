// Every call carries a token: what verifies it is there before the first.
import '../http/tokens.ts'
import { handler } from '../endpoints/audit.ts'
import { provideInstance } from '../instance.ts'
import { instanceOnAws } from './wiring.ts'

provideInstance(instanceOnAws({ opens: true, findsSubjects: true, handlesObjects: true, vouches: true }))

export { handler }
