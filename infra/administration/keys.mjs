/** `npm run keys`. */
import '../node-version.mjs'

await import('./keys.ts')
