/** `npm run synth`. */
import './node-version.mjs'

await import('./app.ts')
