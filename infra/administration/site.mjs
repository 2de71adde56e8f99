/** `npm run site`. */
import '../node-version.mjs'

await import('./site.ts')
