/** The suites that are asked for by name: `vitest run --config test/contract/vitest.config.ts`. */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { timeLimits } from '../support/time-limits.ts'

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: { include: ['test/contract/**/*.suite.ts'], isolate: false, ...timeLimits },
})
