/** `npm run bundle`. */
import '../node-version.mjs'

await import('./run.ts')
