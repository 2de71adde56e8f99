/** `npm test`: every test but those that want something installed, which have configurations of their own. */
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/support/slowest-first.ts'
import { timeLimits } from './test/support/time-limits.ts'

export default defineConfig({
  // The examples import the packages by name.
  resolve: { alias: { '@consent-ledger/server': join(import.meta.dirname, 'shared/server/server.ts') } },
  test: {
    exclude: [...configDefaults.exclude, 'dist/**'],
    // More files at once than cores, because many wait for servers, programs and timers.
    maxWorkers: '150%',
    sequence: { sequencer: SlowestFirst },
    // The files of a worker share a process and its modules, because loading these takes longer than the tests of most files. So a file
    // undoes what it does to globals, modules and the environment.
    isolate: false,
    ...timeLimits,
  },
})
