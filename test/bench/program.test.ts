/** The bench starts the server as `npm start` does, so it has to understand that script however it is changed. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startScript } from './program.ts'

it('reads the start script of package.json', async () => {
  const { flags, file } = await startScript()
  expect(existsSync(join(import.meta.dirname, '../..', file)), file).toBe(true)
  expect(flags.every((flag) => flag.startsWith('--'))).toBe(true)
})
