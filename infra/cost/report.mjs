/** `npm run cost`. */
import '../node-version.mjs'

await import('./report.ts')
