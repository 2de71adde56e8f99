/** `npm run operations`. */
import '../node-version.mjs'

await import('./operations.ts')
