/**
 * `npm run test:aws`: the ledger in a real account. Never part of `npm test`; it costs cents, takes some twenty minutes, and needs
 *
 *   credentials   as the AWS SDK finds them (AWS_PROFILE, AWS_ACCESS_KEY_ID, ...), of an account for tests that is bootstrapped
 *                 (`npx cdk bootstrap`), who may deploy there and assume roles. Without them it fails, and says so.
 *   a region      AWS_REGION; eu-north-1 without
 *
 * It deploys a stage made for the run, tries what must be refused, uses the ledger through the front door, and destroys the
 * stage, also when something failed; what to do when it is killed is the first thing that it prints. Five KMS keys stay for the seven
 * days that KMS gives them.
 *
 * It NEVER RAN in an account: there was none. `npm run test:stand-ins` runs the same suite in a stand-in account. `rehearsal.test.ts`, part
 * of `npm test`, has the stage synthesised, the story against the ledger on one machine, and every request that must be refused against an
 * engine that refuses none.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const minutes = 60_000

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/aws/**/*.suite.ts'],
    testTimeout: 10 * minutes,
    hookTimeout: 45 * minutes,
    // The order of the file: the front door's story is what the metrics are of.
    sequence: { concurrent: false, shuffle: false },
  },
})
