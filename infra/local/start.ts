/** `npm start`. */
import { keepCompiledCode } from './compile-cache.ts'

keepCompiledCode()
await import('./start-server.ts')
