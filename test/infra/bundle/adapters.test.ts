/** Each adapter as it is built: small, whole in itself, and with nothing of the page it is not in. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundlePackage } from '../../../infra/bundle/package-code.ts'
import { adapters } from '../../../infra/bundle/packages.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-adapters-'))
  await bundlePackage('client', folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each(adapters)('%s', async (name) => {
  const code = await readFile(join(folder, `${name}.mjs`))
  // As its README says.
  expect(gzipSync(code, { level: 9 }).byteLength).toBeLessThanOrEqual(1300)
  const imported = [...code.toString().matchAll(/\b(?:from|import)\s*["']([^"']+)["']/g)].map(([, module]) => module)
  expect(imported).toEqual(name === 'react' ? ['react'] : [])
})
