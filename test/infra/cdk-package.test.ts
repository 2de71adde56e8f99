/**
 * The construct's package in another team's CDK app. The snippets of its README are the app: they compile, synthesise without a build,
 * and make the first controller and site of a running ledger.
 */
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packages } from '../../infra/bundle/packages.ts'
import { serve } from '../../infra/local/serve.ts'
import { installPackages, linkModules } from '../support/installed-package.ts'
import { snippetsOf } from '../support/readme-snippets.ts'
import { startLedger } from '../support/running-ledger.ts'

const run = promisify(execFile)
const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc')
const snippets = snippetsOf(packages.cdk.readme)
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

/** What an `@example` in a docstring takes for granted. */
const beforeExample = `
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { ConsentLedger, issuerOf, LedgerBackupCopies, LedgerEdge, LedgerStores, LedgerUserPool } from '@consent-ledger/cdk'
const app = new App()
const stack = new Stack(app, 'Stack', { env: { region: 'eu-north-1' } })
`
const constructFiles = ['backup', 'consent-ledger', 'edge', 'identity', 'stores']

async function examplesOf(file: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, `../../infra/consent-ledger/${file}.ts`), 'utf8')
  const blocks = [...text.matchAll(/ \* @example\n(.*?) \*\//gs)].map(([, block = '']) => block)
  return blocks.map((block) => block.replace(/^ \* ?/gm, ''))
}

let folder: string
beforeAll(async () => {
  folder = await installPackages('cdk', 'server')
  await mkdir(join(folder, 'node_modules/@types'))
  await linkModules(folder, 'aws-cdk-lib', 'constructs', '@types/node')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  for (const name of ['consent', 'ledger-key', 'first', 'kept', 'front'])
    await writeFile(join(folder, `${name}.ts`), snippets.get(name) ?? '')
  const examples = (await Promise.all(constructFiles.map(examplesOf))).flat()
  expect(examples.length).toBeGreaterThanOrEqual(5)
  for (const [i, code] of examples.entries())
    await writeFile(join(folder, `example-${i}.ts`), `${beforeExample}${code}\nexport {}\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('has types that the app and the examples of its docstrings compile with', async () => {
  const { stdout } = await run(tsc, ['-p', folder]).catch((error: { stdout: string }) => error)
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

it('synthesises the example behind CloudFront, in two regions, with backups in a third', async () => {
  const templates = await synthesised('front')
  const types = (stack: string) => new Set(resources(templates.get(stack)).map(({ Type }) => Type))
  expect(types('consent-edge')).toContain('AWS::WAFv2::WebACL')
  expect(types('consent-data')).toContain('AWS::Backup::BackupPlan')
  expect(types('consent-copies')).toContain('AWS::Backup::BackupVault')
  expect(JSON.stringify(templates.get('consent-data'))).toContain('"WriteUnitsPerSecond":20000')
  // What the edge serves is in buckets whose names it can only guess.
  for (const kind of ['objects', 'served']) {
    const name = `acme-consent-${kind}-111122223333-eu-north-1`
    expect(JSON.stringify(templates.get('consent-data'))).toContain(`"BucketName":"${name}"`)
    expect(JSON.stringify(templates.get('consent-edge'))).toContain(name)
  }
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
