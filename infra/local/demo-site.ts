/** `npm run demo:site`. As `npm start` does, it keeps the compiled code of all modules between starts. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./demo-site/program.ts')
