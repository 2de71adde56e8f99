/** `npm run demo`. */
import '../node-version.mjs'

await import('./demo.ts')
