/** `npm run demo:site`. */
import { keepCompiledCode } from '../local/compile-cache.ts'

keepCompiledCode()
await import('./site/program.ts')
