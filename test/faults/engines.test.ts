import { startDynoxide } from '../../infra/local/dynoxide.ts'
import { logOnEngine } from './log-on-engine.ts'

logOnEngine('Dynoxide', () => startDynoxide(), 24)
