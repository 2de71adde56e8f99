/** What needs a Chromium (Debian's `chromium`, and `chromium-headless-shell` where it is installed, or the one that `CHROMIUM` names): `npm run test:browser`. */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { timeLimits } from '../support/time-limits.ts'

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/browser/**/*.suite.ts'],
    globalSetup: 'test/browser/build-pages.ts',
    // A page waits as much as it computes.
    maxWorkers: '100%',
    ...timeLimits,
    // With the second try, a page that hangs would otherwise take half an hour.
    testTimeout: timeLimits.testTimeout / 3,
    // A browser moves in its own time: a failed test is tried once more, and both results are reported.
    retry: 1,
  },
})
