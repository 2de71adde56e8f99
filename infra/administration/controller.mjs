/** `npm run controller`. */
import '../node-version.mjs'

await import('./controller.ts')
