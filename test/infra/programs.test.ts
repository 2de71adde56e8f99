/** Programs check before they create: an old Node, a taken port, a folder without a ledger, a controller that is none. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePrivateFolders } from '../../infra/local/data/private-files.ts'
import { openDevelopmentIssuer } from '../../infra/local/development-issuer.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
const node = (argv: readonly string[]) => run(process.execPath, argv, { cwd: root })

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { app } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'))
const programs = [...Object.values<string>(scripts), app].flatMap((line) => /\bnode .*?(\S+)$/.exec(line)?.[1] ?? [])

describe('under an older Node', () => {
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.19.2' } })`

  it.each([...new Set(programs)])('%s says what it needs', async (program) => {
    const ended = node(['--import', older, program])
    await expect(ended).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('needs Node 24') })
    const code = readFileSync(join(root, program), 'utf8')
    expect(program).toMatch(/\.mjs$/)
    // A static import of TypeScript would fail before the sentence.
    expect(code.match(/^import .*$/gm)).toEqual([expect.stringContaining('node-version.mjs')])
  })
})

describe('nothing is created', () => {
  let folder: string
  let port: number
  const taken = createServer()
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-first-'))
    await new Promise<void>((resolve) => taken.listen(0, 'localhost', resolve))
    port = (taken.address() as { port: number }).port
    makePrivateFolders(join(folder, 'ledger', 'objects', 'log', 'acme'))
    await openDevelopmentIssuer(join(folder, 'ledger'))
  })
  afterAll(async () => {
    taken.close()
    await rm(folder, { recursive: true })
  })

  it.each<[string, (port: number) => string[], string]>([
    ['start', (port) => ['--port', `${port}`], 'is taken; choose another with --port N'],
    ['start', () => ['--host', '203.0.113.1', '--port', '0'], 'cannot listen on --host 203.0.113.1'],
    ['demo/site/start', (port) => ['--port', `${port}`], 'is taken; choose another with --port N'],
    ['demo/site/start', (port) => ['--port', '0', '--ledger-port', `${port}`], 'choose another with --ledger-port N'],
    ['local/token', () => ['--scope', 'consent.audit'], 'there is no ledger in'],
    ['demo/demo', () => [], 'run `npm start` in another terminal'],
    ['local/fsck/fsck', () => [], 'there is no ledger in'],
  ])('%s %s', async (program, options, sentence) => {
    const data = join(folder, 'new')
    const ended = node([`infra/${program}.mjs`, ...options(port), '--data', data])
    await expect(ended).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) })
    expect(existsSync(data)).toBe(false)
  })

  it.each([
    [['--controller', 'acmee'], 'there is no controller acmee in'],
    [['--controller', 'acmee'], 'there are acme'],
    [['--scope', 'consent.everything'], 'there is no scope consent.everything'],
    [['--scope', 'ledger.admin consent.audit'], 'in another token'],
  ])('token %s', async (options, sentence) => {
    const ended = node(['infra/local/token.mjs', ...options, '--data', join(folder, 'ledger')])
    await expect(ended).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) })
  })

  it('token for a controller that is there, and for the ledger', async () => {
    const data = join(folder, 'ledger')
    for (const options of [
      ['--controller', 'acme'],
      ['--scope', 'ledger.admin'],
    ])
      expect((await node(['infra/local/token.mjs', ...options, '--data', data])).stdout).toMatch(/^ey\S+\n$/)
    expect(readdirSync(join(data, 'keys'))).toEqual(['development-issuer.pem'])
  })
})
