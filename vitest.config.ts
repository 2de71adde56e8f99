/** `npm test`: every test but those that want something installed, which have configurations of their own. */
import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, 'dist/**'],
    // A file for each core; so a test may take its time when the other core has one that wants everything.
    maxWorkers: '100%',
    testTimeout: 20_000,
  },
})
