/** `npm run token`. */
import '../node-version.mjs'

await import('./token.ts')
