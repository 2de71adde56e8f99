/** The commands of the READMEs as they stand there: the first event and proof, the verifier's, a server's environment, tests and bench. */
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

/** Runs commands in the repository, with this test's ledger and folder for the ones that they name, and returns what they print. */
async function output(commands: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const here = commands
    .replaceAll('http://localhost:8787', url)
    .replaceAll('https://ledger.example/log/acme', `${url}/log/ljungsten`)
    .replaceAll('./.ledger/', `${folder}/ledger/`)
    .replaceAll(/\b(proof\.json|keys\.txt)/g, `${folder}/$1`)
  // A test's own environment would tell a test runner that it starts to be one of its workers.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST$)/.test(name))
  const all = { ...Object.fromEntries(inherited), LEDGER_DATA: join(folder, 'ledger'), ...env }
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', here], { cwd: root, env: all })
  return stdout.trim()
}

it('the first event is answered with a receipt, the first proof verifies, and so does the whole log', async () => {
  const snippets = snippetsOf('README.md')
  const printed = await output(['event', 'proof'].map((name) => snippets.get(name) ?? '').join('\n'))
  expect(printed).toContain('"schemaVersion":"consent-receipt@1"')
  expect(printed.split('\n').at(-1)).toMatch(/^VALID\. At \S+ the recorded status of statistics is Given\b/)

  const [, vkey = ''] = /^log (\S+)/m.exec(readFileSync(join(folder, 'keys.txt'), 'utf8')) ?? []
  const checked = await output(snippetsOf('infra/command/README.md').get('command') ?? '', { VKEY: vkey })
  expect(checked.match(/^VALID/gm)).toHaveLength(2)
  const mirror = (snippetsOf('infra/command/README.md').get('mirror') ?? '').replaceAll(
    ' copies ',
    ` ${folder}/copies `,
  )
  expect(await output(mirror, { VKEY: vkey })).toMatch(/: size 0 to \d+[\s\S]*\nVALID: [\s\S]*\nAGREES with http/)
})

it('an auditor asks with a token, and the proof is saved and checked', async () => {
  const ask = (snippetsOf('infra/command/README.md').get('ask') ?? '')
    .replace('https://ledger.example', url)
    .replace('acme', 'ljungsten')
    .replace('token.txt', `${folder}/token.txt`)
    .replace('--key "$VKEY"', '--policy keys.txt')
    .replace('proof.json', `${folder}/asked.json`)
  const printed = await output(
    [
      `npm run --silent token -- --scope consent.audit > ${folder}/token.txt`,
      `curl -s ${url}/log/ljungsten/policy > keys.txt`,
      ask,
    ].join('\n'),
  )
  expect(printed.split('\n').at(-1)).toMatch(/^VALID\. .*newsletter is Unknown/)
})

it('a server gets the key of a site and a token', async () => {
  const commands = snippetsOf('shared/server/README.md').get('environment') ?? ''
  const exports = commands.split('\n').filter((line) => !line.startsWith('npm start'))
  const printed = await output(`${exports.join('\n')}\necho "$LEDGER_URL $LEDGER_SITE_KEY $LEDGER_TOKEN"`)
  expect(printed).toMatch(new RegExp(`^${url} site_\\S+ ey\\S+$`))
})

it('a part of the tests is found by its folder, its file and its names, and the faults are simulated', async () => {
  const snippets = snippetsOf('test/README.md')
  const [fast = '', ...parts] = (snippets.get('fast') ?? '').trim().split('\n')
  expect(fast).toMatch(/^npm run test:fast\b/)
  for (const line of parts) {
    const listed = await output(line.replace('vitest run', 'vitest list --filesOnly').replace(/ -t '[^']*'/, ''))
    expect(listed.split('\n').filter((file) => /^test\/\S+\.test\.ts$/.test(file)).length, line).toBeGreaterThan(0)
  }
  const faults = (snippets.get('faults') ?? '').replace('200', '20').replace('=20 npm', '=5 npm')
  expect(await output(`${faults.trim()} -t 'is complete in the end'`)).toContain('20 scheduled runs, 0 violations')
})

it('the bench explains itself', async () => {
  expect(await output(snippetsOf('test/bench/README.md').get('help') ?? '')).toContain('--only PART')
})

it('README.md has at most 150 lines and 1,100 words', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  expect(text.split('\n').length).toBeLessThanOrEqual(151)
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(1_101)
})
