/** `npm run fsck`. */
import '../../node-version.mjs'

await import('./fsck.ts')
