// Every call carries a token: what verifies it is there before the first.
import '../http/tokens.ts'
import { handler } from '../erase.ts'
import { provideEraser, provideInstance } from '../instance.ts'
import { eraserOnAws, instanceOnAws } from './on-aws.ts'

const instance = instanceOnAws({ opens: true, signs: false, erases: true })
provideInstance(instance)
provideEraser(eraserOnAws(instance.ledger))

export { handler }
