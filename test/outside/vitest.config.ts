/**
 * `npm run test:outside`: programs of other people, written in Go, against the ledger and its witness. `go-tools.ts` compiles them once, which takes a
 * minute, so this is no part of the whole check. Without Go every test here is skipped by name.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { timeLimits } from '../support/time-limits.ts'

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/outside/**/*.suite.ts'],
    // It names what was skipped.
    reporters: ['verbose'],
    globalSetup: ['test/outside/provide-tools.ts'],
    maxWorkers: 1,
    ...timeLimits,
  },
})
