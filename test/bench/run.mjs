/** `npm run bench`. */
import '../../infra/node-version.mjs'

await import('./run.ts')
