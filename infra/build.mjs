/** `npm run build`. */
import './node-version.mjs'

await import('./build.ts')
