/**
 * Each package, packed and installed into an empty folder: it brings nothing else, its types compile strictly under every way of
 * resolving modules, and its code runs. What the construct makes is in `cdk-package.test.ts`.
 */
import { execFile, execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Package, type PackageFolder, packages } from '../../infra/bundle/packages.ts'
import { at, logVkey, makeProof, plainStory } from '../shared/verify/maker.ts'
import { installPackages, linkModules } from '../support/installed-package.ts'
import { snippetsOf } from '../support/readme-snippets.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

/** What a user of the package writes. A line after `@ts-expect-error` must not compile. */
const programs: Record<PackageFolder, string> = {
  client: `
import { openConsent } from '@consent-ledger/client'
import { isPromised } from '@consent-ledger/client/promise'
import { recordKlaro } from '@consent-ledger/client/klaro'
import { usePermits } from '@consent-ledger/client/react'

const consent = openConsent({ url: 'https://ledger.example', key: 'site_1' })
export const mayCount: boolean | undefined = consent.permits('statistics')
// @ts-expect-error: a surface that there is not
consent.record({ statistics: true }, { surface: 'balloon' })
export const others = [isPromised, recordKlaro, usePermits]
`,
  server: `
import { openLedger, ProblemError, type Receipt } from '@consent-ledger/server'

const ledger = openLedger({ url: 'https://consent.example.org', controller: 'acme', siteKey: 'k', token: () => 't' })
const subject = { identifier: { type: 'email', id: 'kim@example.org' } }
export const receipt = (): Promise<Receipt> => ledger.recordEvents({ subject, decisions: [{ policyId: 'terms', verb: 'accepted' }] })
// @ts-expect-error: there is no such verb
export const wrong = () => ledger.recordEvents({ subject, decisions: [{ policyId: 'terms', verb: 'agreed' }] })
export const status = (): Promise<number | undefined> =>
  // @ts-expect-error: a number is no status
  ledger.askConsents({ subject: subject.identifier }).then((a) => a.consents[0]?.status)
export const fields = (error: ProblemError): [string, string | undefined] => [error.code, error.field]
`,
  verify: `
import { parsePolicy, type Verdict, verifyFile, type Verification } from '@consent-ledger/verify'

export const check = (text: string, policy: string): Promise<Verification> => verifyFile(text, parsePolicy(policy))
export const verdict = async (text: string, policy: string): Promise<Verdict> => (await check(text, policy)).verdict
// @ts-expect-error: a policy is parsed first
export const wrong = () => verifyFile('{}', 'log example')
`,
  cdk: `
import { App, Stack } from 'aws-cdk-lib'
import { ConsentLedger, type ConsentLedgerProps } from '@consent-ledger/cdk'

const props: ConsentLedgerProps = { host: 'consent.example.com', administrators: { issuer: 'https://login.example.com', audience: 'ledger' } }
export const ledger = () => new ConsentLedger(new Stack(new App(), 'Stack'), 'Consent', props)
// @ts-expect-error: a ledger has a host
export const wrong = () => new ConsentLedger(new Stack(new App(), 'Stack'), 'Consent', { administrators: props.administrators })
`,
}

const resolutions = {
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  node16: { module: 'node16' },
  nodenext: { module: 'nodenext' },
}

/** The oldest Node on this machine, for packages that run on older ones than the repository does. */
function olderNode(): string | undefined {
  const found = execFileSync('sh', ['-c', 'IFS=:; for d in $PATH; do [ -x "$d/node" ] && echo "$d/node"; done; true'])
  const old = found
    .toString()
    .trim()
    .split('\n')
    .filter((path) => /^v2[0-3]\./.test(versionOf(path)))
  return old[0]
}

function versionOf(node: string): string {
  return node === '' ? '' : execFileSync(node, ['--version']).toString()
}

describe.each(Object.keys(packages) as PackageFolder[])('%s', (name) => {
  const { name: fullName, entryPoints, commands = {}, peers = {} }: Package = packages[name]
  let folder: string
  let installed: string
  beforeAll(async () => {
    folder = await installPackages(name)
    installed = join(folder, 'node_modules', fullName)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('brings no other package, and no command but its own', async () => {
    const modules = await readdir(join(folder, 'node_modules'))
    expect(modules.filter((each) => !each.startsWith('.'))).toEqual(['@consent-ledger'])
    expect(await readdir(join(folder, 'node_modules/@consent-ledger'))).toEqual([name])
    const links = modules.includes('.bin') ? await readdir(join(folder, 'node_modules/.bin')) : []
    expect(links).toEqual(Object.keys(commands))
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('optionalDependencies')
    expect(manifest.peerDependencies ?? {}).toEqual(peers)
  })

  it('holds what is built with its licence, and neither sources nor maps', async () => {
    const files = await readdir(installed, { recursive: true, encoding: 'utf8', withFileTypes: true })
    const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    const names = paths.map((path) => path.slice(installed.length + 1))
    expect(names.filter((each) => /(?<!\.d)\.ts$|\.map$|node_modules/.test(each))).toEqual([])
    expect(names).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
    expect(names.includes('THIRD-PARTY-LICENSES')).toBe(name === 'verify' || name === 'cdk')
    const readme = await readFile(join(installed, 'README.md'), 'utf8')
    expect(readme).toContain(`npm i ${fullName}`)
    expect(readme).not.toMatch(/\]\((?!https?:|#)/)
  })

  it('passes publint and attw', async () => {
    await run(bin('publint'), [installed, '--strict', '--pack=false'])
    const [file = ''] = (await readdir(folder)).filter((each) => each.endsWith('.tgz'))
    await run(bin('attw'), [join(folder, file), '--profile', 'esm-only'])
  })

  // One run for all, because it reads the types only once.
  it('has types that compile, however modules are resolved', async () => {
    if (name === 'cdk') {
      await mkdir(join(folder, 'node_modules/@types'))
      await linkModules(folder, 'aws-cdk-lib', 'constructs', '@types/node')
    }
    for (const [resolution, options] of Object.entries(resolutions)) {
      const app = join(folder, resolution)
      await mkdir(app)
      const compilerOptions = {
        ...{ ...options, target: 'es2022', lib: ['es2022', 'dom'], strict: true, noEmit: true },
        // The CDK's own types are not ours to check.
        ...(name === 'cdk' ? { types: ['node'], skipLibCheck: true } : { types: [], skipLibCheck: false }),
      }
      await writeFile(join(app, 'app.ts'), programs[name])
      await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }))
    }
    const built = run(bin('tsc'), ['--build', '--verbose', ...Object.keys(resolutions)], { cwd: folder })
    const { stdout } = await built.catch((error: { stdout: string }) => error)
    expect(stdout.split('\n').filter((line) => line.includes('error'))).toEqual([])
    for (const resolution of Object.keys(resolutions))
      expect(stdout).toContain(`Building project '${resolution}/tsconfig.json'`)
  })

  const withoutPeers = Object.keys(entryPoints).filter((key) => name !== 'cdk' && key !== './react')
  it.each(withoutPeers)('is imported from %s', async (key) => {
    const specifier = JSON.stringify(fullName + key.slice(1))
    const print = `import(${specifier}).then((exported) => console.log(Object.keys(exported).length))`
    const { stdout } = await run(process.execPath, ['-e', print], { cwd: folder })
    expect(Number(stdout)).toBeGreaterThan(0)
  })

  if (name !== 'verify') return
  it.each([
    ['this Node', process.execPath],
    ['an older Node', olderNode()],
  ])('verifies a proof by its command and its library on %s', async (_which, node) => {
    if (node === undefined) return
    const proof = JSON.stringify(makeProof(plainStory(), { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) }))
    await writeFile(join(folder, 'proof.json'), proof)
    const command = join(folder, 'node_modules/.bin/consent-ledger')
    const { stdout } = await run(node, [command, 'verify', 'proof.json', '--key', logVkey], { cwd: folder, env: {} })
    expect(stdout).toContain('VALID')
    await writeFile(join(folder, 'check.mjs'), snippetsOf(packages.verify.readme).get('library') ?? '')
    const checked = await run(node, ['check.mjs'], { cwd: folder, env: { VKEY: logVkey } })
    expect(checked.stdout.split('\n')).toEqual(expect.arrayContaining(['valid', 'inclusion ok']))
  })
})
