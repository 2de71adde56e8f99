/** `npm test`: every test but those that want something installed, which have configurations of their own. */
import { configDefaults, defineConfig } from 'vitest/config'
import { timeLimits } from './test/support/time-limits.ts'

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, 'dist/**'],
    // A file for each core.
    maxWorkers: '100%',
    ...timeLimits,
  },
})
