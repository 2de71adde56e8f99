import { startDynoxide } from '../../../infra/local/engine/dynoxide.ts'
import { bundlesOnEngine } from './on-engine.ts'

bundlesOnEngine('Dynoxide', () => startDynoxide())
