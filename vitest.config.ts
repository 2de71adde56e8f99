/** `npm test`: every test but those that want something installed, which have configurations of their own. */
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { timeLimits } from './test/support/time-limits.ts'

export default defineConfig({
  // The examples import the packages by name.
  resolve: { alias: { '@consent-ledger/server': join(import.meta.dirname, 'shared/server/server.ts') } },
  test: {
    exclude: [...configDefaults.exclude, 'dist/**'],
    // A file for each core.
    maxWorkers: '100%',
    ...timeLimits,
  },
})
