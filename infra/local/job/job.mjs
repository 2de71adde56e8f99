/** `npm run job`. */
import '../../node-version.mjs'

await import('./job.ts')
