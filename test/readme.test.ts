/** The commands of README.md: its first event and first proof run as they stand there, and the file stays short. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { snippetsOf } from './support/readme-snippets.ts'
import { type StartedProgram, startProgram } from './support/started-program.ts'

const root = join(import.meta.dirname, '..')
let folder: string
let server: StartedProgram
let url: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readme-'))
  server = startProgram(['node', 'infra/start.mjs', '--port', '0', '--data', join(folder, 'ledger')])
  url = (await server.printed(/^Consent ledger on (\S+)/m))[1] ?? ''
})
afterAll(async () => {
  server.child.kill()
  await server.ended
  await rm(folder, { recursive: true, force: true })
})

it('the first event is answered with a receipt, and the first proof verifies', async () => {
  const snippets = snippetsOf('README.md')
  const script = ['event', 'proof'].map((name) => snippets.get(name) ?? '').join('\n')
  const here = script
    .replaceAll('http://localhost:8787', url)
    .replaceAll('./.ledger/', `${folder}/ledger/`)
    .replaceAll('proof.json', `${folder}/proof.json`)
    .replaceAll('keys.txt', `${folder}/keys.txt`)
  const env = { ...process.env, LEDGER_DATA: join(folder, 'ledger') }
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', here], { cwd: root, env })
  expect(stdout).toContain('"schemaVersion":"consent-receipt@1"')
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^VALID\. At \S+ the recorded status of statistics is Given\b/)
})

it('has at most 150 lines and 1,100 words', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  expect(text.split('\n').length).toBeLessThanOrEqual(151)
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(1_101)
})
