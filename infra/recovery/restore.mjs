/** `npm run restore`. */
import '../node-version.mjs'

await import('./restore.ts')
