/** `npm run demo:site`. */
import { keepCompiledCode } from './compile-cache.ts'

keepCompiledCode()
await import('./demo-site/program.ts')
