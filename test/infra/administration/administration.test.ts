/** From an empty ledger to a verified proof, through nothing but the commands that the programs print. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { existingDevelopmentIssuer, ledgerAudience } from '../../../infra/local/development-issuer.ts'
import { snippetsOf } from '../../support/readme-snippets.ts'
import { type StartedProgram, startProgram } from '../../support/started-program.ts'

const root = join(import.meta.dirname, '../../..')
let folder: string
let data: string
let server: StartedProgram
let url: string
/** Commands and their output, in the order in which they were run. */
const printed: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'empty-'))
  data = join(folder, 'ledger')
  server = startProgram(['npm', 'start', '--silent', '--', '--empty', '--port', '0', '--data', data])
  url = (await server.printed(/^Consent ledger on (\S+)/m))[1] ?? ''
  await server.printed(/Ctrl-C stops it/)
})
afterAll(async () => {
  server.child.kill()
  await server.ended
  await rm(folder, { recursive: true, force: true })
})

const commandsIn = (text: string) => text.split('\n').filter((line) => /^(npm run|curl|npx) /.test(line))

/** Runs a printed command line as it stands, in the repository; what it writes there goes to the test's folder. */
async function paste(command: string): Promise<string> {
  const line = command.replaceAll('proof.json', join(folder, 'proof.json'))
  const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', line], { cwd: root })
  printed.push(stdout)
  return stdout
}

const program = (name: string, ...argv: string[]) =>
  promisify(execFile)(process.execPath, [join(root, `infra/administration/${name}.mjs`), ...argv], { cwd: root })

it('the printed commands lead from nothing to a proof that verifies', async () => {
  expect(server.output()).toContain('no controller exists yet')
  expect(server.output()).not.toContain('ljungsten')
  expect(existsSync(join(data, 'demo.json'))).toBe(false)
  const commands = commandsIn(server.output())
  expect(commands).toHaveLength(3)
  for (const command of commands) await paste(command)
  expect(printed[0]).toContain('The controller example exists from now on')
  expect(printed[1]).toMatch(/^site_example_web_\S+$/m)
  expect(printed[2]).toMatch(/^Version 1 of cookie-policy of example is published, and in force from \S+Z\.$/m)
  const [event = '', proof = '', verify = '', ...others] = commandsIn(printed[2] ?? '')
  expect(others).toEqual([])
  expect(await paste(event)).toContain('"schemaVersion":"consent-receipt@1"')
  await paste(proof)
  expect(await paste(verify)).toMatch(/^VALID\. At \S+ the recorded status of statistics is Given\b/m)
})

it('nobody signs in to its console without a password, unless that was asked for', async () => {
  expect(await (await fetch(`${url}/console/config.json`)).json()).toEqual({ controllers: [] })
  expect((await fetch(`${url}/development/authorize`)).status).toBe(404)
})

it('each of the commands changes nothing when it is repeated', async () => {
  const [controller = '', site = '', publish = ''] = commandsIn(server.output())
  expect(await paste(controller)).toContain('existed already; nothing changed')
  expect(await paste(site)).toBe(printed[1])
  expect(await paste(publish)).toContain('was published before; nothing changed')
})

it('administers a ledger by its address, with a token from a file or standard input', async () => {
  const issuer = await existingDevelopmentIssuer(data)
  const who = { subject: 'operator', lifetimeSeconds: 60 }
  const file = join(folder, 'controller.json')
  const provider = issuer.provider(`${ledgerAudience}/second`)
  const example = JSON.parse(await readFile(join(root, 'infra/administration/example/controller.json'), 'utf8'))
  await writeFile(file, JSON.stringify({ ...example, controller: 'second', identityProvider: provider }))
  await writeFile(
    join(folder, 'token'),
    await issuer.token({ ...who, audience: ledgerAudience, scope: 'ledger.admin' }),
  )
  const made = await program('controller', file, '--url', url, '--token-file', join(folder, 'token'))
  expect(made.stdout).toContain('The controller second exists from now on')
  const token = await issuer.token({ ...who, audience: provider.audience, scope: 'consent.admin' })
  const site = ['--url', url, '--token-file', '-', '--controller', 'second', '--kind', 'service', '--site', 'api']
  const started = program('site', ...site)
  started.child.stdin?.end(token)
  expect((await started).stdout).toMatch(/^site_second_api_\S+$/m)

  const refused = program('site', '--url', url, '--token-file', join(folder, 'token'), ...site.slice(4))
  await expect(refused).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^the ledger refused it: unauthenticated at authorization: .*identity provider.*\n$/),
  })
})

it('says what the ledger refused, at which field, and what is allowed', async () => {
  const policy = join(folder, 'policy')
  await cp(join(root, 'infra/administration/example'), policy, { recursive: true })
  const file = join(policy, 'cookie-policy.json')
  const draft = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...draft, version: '2', kind: 'cake' }))
  await expect(program('publish', file, '--data', data, '--controller', 'example')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^the ledger refused it: \S+ at \/kind: .+\n$/),
  })
})

it.each([
  ['a path that leads out of it', '../private.md'],
  ['a symbolic link', 'link.md'],
])('does not publish a text outside the folder of its version, by %s', async (_what, text) => {
  const policy = await mkdtemp(join(folder, 'policy-'))
  await writeFile(join(folder, 'private.md'), '# Private')
  await symlink(join(folder, 'private.md'), join(policy, 'link.md'))
  const file = join(policy, 'version.json')
  await writeFile(file, JSON.stringify({ policyId: 'cookie-policy', texts: [{ locale: 'en', file: text }] }))
  await expect(program('publish', file, '--data', data, '--controller', 'example')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not in the folder of the version'),
  })
})

it('the commands of the README work as they stand there', async () => {
  const snippets = snippetsOf('infra/local/README.md')
  const here = (name: string) =>
    (snippets.get(name) ?? '').replaceAll('./my-ledger', data).replaceAll('./my-backup', join(folder, 'backup'))
  const forExample = (name: string) => here(name).replaceAll(/ --data/g, ' --controller example --data')
  const [controller = '', ...others] = here('administration').trim().split('\n')
  await paste(controller)
  for (const command of others) await paste(command.replace(' --data', ' --controller example --data'))
  expect(await paste(forExample('token'))).toMatch(/^ey\S+\n$/)
  server.child.kill()
  await server.ended
  expect(await paste(here('fsck'))).toContain('No findings.')
})

it('an empty ledger stays without the demo, and a ledger with the demo is not taken for empty', async () => {
  server = startProgram(['node', 'infra/start.mjs', '--port', '0', '--data', data])
  await server.printed(/^Its controllers: example, second\.$/m)
  expect(existsSync(join(data, 'demo.json'))).toBe(false)
  const demo = join(folder, 'demo')
  const first = startProgram(['node', 'infra/start.mjs', '--port', '0', '--data', demo])
  await first.printed(/Ctrl-C stops it/)
  first.child.kill()
  await first.ended
  const second = startProgram(['node', 'infra/start.mjs', '--empty', '--port', '0', '--data', demo])
  expect(await second.ended).toBe(2)
  expect(second.output()).toMatch(
    /^the ledger in \S+ was started with the demo; give --empty another folder with --data DIR\n$/,
  )
})

it.each([
  ['a website', 200, { 'content-type': 'text/html' }, '<h1>Hello</h1>'],
  ['another API', 201, { 'content-type': 'application/json' }, '{"ok":true}'],
  ['a redirect', 302, { location: '/login' }, ''],
])('says that %s is not a ledger, and not that anything was done', async (_what, status, headers, body) => {
  const other = createServer((_request, response) => response.writeHead(status, headers).end(body))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const token = join(folder, 'any-token')
  await writeFile(token, 'a.b.c')
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const there = ['--url', address, '--token-file', token, '--controller', 'example']
  try {
    for (const [name, ...argv] of [
      ['site', '--origin', 'https://www.example.org'],
      ['publish', join(root, 'infra/administration/example/cookie-policy.json')],
    ] as const)
      await expect(program(name, ...argv, ...there)).rejects.toMatchObject({
        stdout: '',
        stderr: expect.stringContaining(`was answered ${status}, and not by a ledger`),
      })
  } finally {
    other.close()
  }
})

it('lists the sites of a controller, replaces the origins of one, and revokes it', async () => {
  const site = (...argv: string[]) => program('site', '--data', data, '--controller', 'example', ...argv)
  await site('--site', 'old', '--origin', 'https://old.example')
  const replaced = await site('--site', 'old', '--replace-origins', '--origin', 'https://new.example')
  expect(replaced.stdout).toBe('Pages of https://new.example may call for the site old of example from now on.\n')
  expect((await site('--list')).stdout).toMatch(/^old +web +in use +site_example_old_\S+ +https:\/\/new\.example$/m)
  const revoked = await site('--site', 'old', '--revoke')
  expect(revoked.stdout).toMatch(/^The site old of example was revoked at \S+Z\. Its key is refused/)
  expect((await site('--site', 'old', '--revoke')).stdout).toBe(revoked.stdout)
  expect((await site('--list')).stdout).toMatch(/^old +web +revoked \S+Z /m)
  await expect(site('--site', 'old', '--origin', 'https://old.example')).rejects.toThrow(/already-exists/)
  await expect(site('--list', '--revoke')).rejects.toThrow(/give one of --list, --replace-origins, --revoke/)
})

it('removes the identity provider of a controller, and gives it another', async () => {
  const issuer = await existingDevelopmentIssuer(data)
  const change = async (number: string, identityProvider: object | null) => {
    const file = join(folder, `provider-${number}.json`)
    await writeFile(file, JSON.stringify({ controller: 'example', identityProvider }))
    return (await program('controller', '--data', data, file, '--change', number)).stdout
  }
  const list = () => program('site', '--data', data, '--controller', 'example', '--list')
  expect(await change('1', null)).toMatch(/^No token speaks for example from now on/)
  await expect(list()).rejects.toThrow(/unauthenticated/)
  await expect(change('1', issuer.provider('consent-ledger/example'))).rejects.toThrow(
    /already-exists at .change.*allowed: 2/s,
  )
  expect(await change('2', issuer.provider('consent-ledger/example'))).toMatch(
    /^Tokens of the identity provider of the file/,
  )
  expect((await list()).stdout).toContain('site_example_web_')
})
