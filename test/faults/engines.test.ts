import { startDynoxide } from '../../infra/local/engine/dynoxide.ts'
import { logOnEngine } from './log-on-engine.ts'

logOnEngine('Dynoxide', () => startDynoxide(), 24)
