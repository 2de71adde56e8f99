// Every call carries a token: what verifies it is there before the first.
import '../http/tokens.ts'
import { handler } from '../endpoints/erasures.ts'
import { provideEraser, provideInstance } from '../instance.ts'
import { eraserOnAws, instanceOnAws } from './wiring.ts'

const instance = instanceOnAws({ opens: true, findsSubjects: true })
provideInstance(instance)
provideEraser(eraserOnAws(instance.ledger))

export { handler }
