/**
 * The package as other teams have it: packed, and installed beside a CDK app's own CDK. The snippets of `infra/README.md` are the app:
 * they compile, synthesise without a build, and make the first controller and site of a running ledger; a server has the client's types.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serve } from '../../infra/local/serve.ts'
import { snippetsOf } from '../support/readme-snippets.ts'
import { startLedger } from '../support/running-ledger.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const server = `
import { openLedger, ProblemError, type Receipt } from 'consent-ledger/server'

const ledger = openLedger({ url: 'https://consent.example.org', controller: 'acme', siteKey: 'k', token: () => 't' })
const subject = { identifier: { type: 'email', id: 'kim@example.org' } }
export const receipt: Promise<Receipt> = ledger.recordEvents({ subject, decisions: [{ policyId: 'terms', verb: 'accepted' }] })
// @ts-expect-error: there is no such verb
export const wrong = ledger.recordEvents({ subject, decisions: [{ policyId: 'terms', verb: 'agreed' }] })
// @ts-expect-error: a number is no status
export const status: Promise<number | undefined> = ledger.askConsents({ subject: subject.identifier }).then((a) => a.consents[0]?.status)
export const fields = (error: ProblemError): [string, string | undefined] => [error.code, error.field]
`
const snippets = snippetsOf('infra/README.md')
const settings = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  },
  include: ['*.ts'],
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-package-'))
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'consent-ledger'), { recursive: true })
  const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: root })
  const [{ filename }] = Object.values(JSON.parse(packed.stdout)) as [{ filename: string }]
  await run('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', join(modules, 'consent-ledger')])
  for (const name of ['aws-cdk-lib', 'constructs', 'zod'])
    await symlink(join(root, 'node_modules', name), join(modules, name))
  await mkdir(join(modules, '@types'))
  await symlink(join(root, 'node_modules/@types/node'), join(modules, '@types/node'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  for (const name of ['consent', 'ledger-key', 'first', 'kept'])
    await writeFile(join(folder, `${name}.ts`), snippets.get(name) ?? '')
  await writeFile(join(folder, 'server.ts'), server)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('has types that an app and a server compile with', async () => {
  const { stdout } = await run(bin('tsc'), ['-p', folder]).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})

type Template = {
  readonly Resources: Record<string, Record<string, unknown>>
  readonly Outputs?: Record<string, unknown>
}

/** CloudFormation's own rules take longer than all the rest; the stages are held against them (`app.test.ts`). */
const quick = { CDK_VALIDATION: 'false' }

/** By stack, of an app that is run as the CDK runs it. */
async function synthesised(app: string): Promise<Map<string, Template>> {
  const out = join(folder, `out-${app}`)
  await run(process.execPath, [`${app}.ts`], { cwd: folder, env: { ...process.env, ...quick, CDK_OUTDIR: out } })
  const files = (await readdir(out)).filter((name) => name.endsWith('.template.json'))
  const templates = files.map(async (name) => {
    const template: Template = JSON.parse(await readFile(join(out, name), 'utf8'))
    return [name.slice(0, -'.template.json'.length), template] as const
  })
  return new Map(await Promise.all(templates))
}

const resources = (template: Template | undefined) => Object.values(template?.Resources ?? {})
const count = (template: Template | undefined, type: string) =>
  resources(template).filter(({ Type }) => Type === type).length

it('synthesises the first example, which can be destroyed, with the functions that came with it', async () => {
  const template = (await synthesised('consent')).get('consent')
  expect(count(template, 'AWS::Lambda::Function')).toBeGreaterThanOrEqual(9)
  expect(count(template, 'AWS::DynamoDB::GlobalTable')).toBe(3)
  expect(resources(template).filter(({ DeletionPolicy }) => String(DeletionPolicy).startsWith('Retain'))).toEqual([])
  expect(JSON.stringify(template)).not.toMatch(
    /ObjectLock|ReservedConcurrentExecutions|"DeletionProtectionEnabled":true/,
  )
  expect(Object.keys(template?.Outputs ?? {}).filter((id) => /Url|Next/.test(id))).toHaveLength(2)
})

it('synthesises the example that is kept, in two stacks', async () => {
  const templates = await synthesised('kept')
  const data = templates.get('consent-data')
  expect(count(data, 'AWS::DynamoDB::GlobalTable')).toBe(3)
  expect(count(data, 'AWS::Lambda::Function')).toBe(0)
  const kept = resources(data).flatMap(({ DeletionPolicy }) => DeletionPolicy ?? [])
  expect(new Set(kept)).toEqual(new Set(['RetainExceptOnCreate']))
  expect(JSON.stringify(data)).toContain('"Mode":"GOVERNANCE"')
  expect(count(templates.get('consent'), 'AWS::Lambda::Function')).toBeGreaterThanOrEqual(9)
})

it('makes the first controller and site without an identity provider', async () => {
  const ledger = await startLedger()
  const print =
    "import('./ledger-key.ts').then(({ provider }) => console.log(JSON.stringify(provider('consent-ledger'))))"
  const administrators = JSON.parse((await run(process.execPath, ['-e', print], { cwd: folder })).stdout)
  const gateway = await serve({ ...ledger.local, administrators }, { host: '127.0.0.1', port: 0 })
  try {
    const env = { ...process.env, LEDGER_URL: gateway.url }
    const { stdout } = await run(process.execPath, ['first.ts'], { cwd: folder, env })
    expect(stdout.trim()).toMatch(/^site_[\w-]+$/)
  } finally {
    await gateway.close()
    await ledger.close()
  }
})

it('holds what is built, and neither sources nor maps', async () => {
  const { stdout } = await run('tar', ['-tzf', ...(await packedFiles())])
  const names = stdout.split('\n').filter((name) => name !== '' && !name.startsWith('package/dist/types/'))
  expect(names.filter((name) => !/^package\/(dist\/|package\.json|README\.md|LICENSE)/.test(name))).toEqual([])
  expect(names.filter((name) => name.endsWith('.map'))).toEqual([])
  expect(names).toContain('package/dist/lambda/ingest/index.mjs')
})

async function packedFiles(): Promise<string[]> {
  const { stdout } = await run('find', [folder, '-maxdepth', '1', '-name', '*.tgz'])
  return stdout.trim().split('\n')
}
