/** `npm run demo:site`. */
import '../../node-version.mjs'

const { keepCompiledCode } = await import('../../local/data/compile-cache.ts')
keepCompiledCode()
await import('./start.ts')
