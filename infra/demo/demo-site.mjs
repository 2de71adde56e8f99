/** `npm run demo:site`. */
import '../node-version.mjs'

await import('./demo-site.ts')
