/**
 * `npm run test:stand-ins`: what AWS would read or run, before there is an account. Python programs check the templates and the API, and
 * stand in for AWS's services; `python-tools.ts` installs them. Without Python every test here is skipped by name.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { timeLimits } from '../support/time-limits.ts'

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/stand-ins/**/*.suite.ts'],
    // It names what was skipped.
    reporters: ['verbose'],
    globalSetup: ['test/stand-ins/provide-tools.ts'],
    // It runs beside the rest of the whole check.
    maxWorkers: 1,
    ...timeLimits,
  },
})
