/** What the SDK's README shows compiles against the package's types; `test/browser/readmes.suite.ts` runs it. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { snippetsOf } from '../../support/readme-snippets.ts'

const root = join(import.meta.dirname, '../../..')

it('its modules compile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'consent-client-'))
  await mkdir(join(folder, 'node_modules/@consent-ledger'), { recursive: true })
  await symlink(join(root, 'dist/packages/client'), join(folder, 'node_modules/@consent-ledger/client'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom'],
    strict: true,
    noEmit: true,
    types: [],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const modules = [...snippetsOf('shared/client/README.md')].filter(([name]) => name !== 'page')
  expect(modules.length).toBeGreaterThan(1)
  for (const [name, code] of modules) await writeFile(join(folder, `${name}.ts`), code)
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { stdout } = await promisify(execFile)(tsc, ['-p', folder]).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
  await rm(folder, { recursive: true })
})
