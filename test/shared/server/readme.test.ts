/** The five minutes of the client's README: its program compiles against the package's types, runs as it stands, and prints what it says. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { snippetsOf } from '../../support/readme-snippets.ts'
import { type RunningLedger, siteKeyOf, startLedger } from '../../support/running-ledger.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const snippets = snippetsOf('shared/server/README.md')
const program = ['start', 'checks'].map((name) => snippets.get(name) ?? '').join('\n')
const settings = {
  compilerOptions: { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] },
  include: ['start.ts'],
}

let folder: string
let ledger: RunningLedger
beforeAll(async () => {
  ledger = await startLedger()
  folder = await mkdtemp(join(tmpdir(), 'consent-server-'))
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '@types'), { recursive: true })
  await mkdir(join(modules, '@consent-ledger'))
  await symlink(join(root, 'dist/packages/server'), join(modules, '@consent-ledger/server'))
  await symlink(join(root, 'node_modules/@types/node'), join(modules, '@types/node'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  await writeFile(join(folder, 'start.ts'), program)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await ledger.close()
})

it('compiles, with every type that the package has checked as well', async () => {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { stdout } = await run(tsc, ['-p', folder]).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})

it('runs', async () => {
  const env = {
    ...process.env,
    LEDGER_URL: ledger.url,
    LEDGER_SITE_KEY: siteKeyOf(ledger, 'ljungsten/web'),
    LEDGER_TOKEN: await ledger.token('consent.write consent.audit consent.check'),
  }
  const { stdout } = await run(process.execPath, [join(folder, 'start.ts')], { env })
  const [receiptId, status, checks] = stdout.trim().split('\n')
  expect(receiptId).toMatch(/^[\w-]{22}$/)
  expect(status).toBe('Accepted')
  expect(checks).toBe('0 nothing-recorded')
})
