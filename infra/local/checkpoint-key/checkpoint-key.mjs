/** `npm run checkpoint-key`. */
import '../../node-version.mjs'

await import('./checkpoint-key.ts')
