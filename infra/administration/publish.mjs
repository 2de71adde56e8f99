/** `npm run publish`. */
import '../node-version.mjs'

await import('./publish.ts')
