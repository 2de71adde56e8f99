import { startDynoxide } from '../../../infra/local/dynoxide.ts'
import { bundlesOnEngine } from './on-engine.ts'

bundlesOnEngine('Dynoxide', () => startDynoxide())
