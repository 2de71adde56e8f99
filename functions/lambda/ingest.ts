import { handler } from '../ingest.ts'
import { provideInstance } from '../instance.ts'
import { instanceOnAws } from './on-aws.ts'

provideInstance(instanceOnAws({ opens: true, findsSubjects: true, signs: true, handlesObjects: true }))

export { handler }
