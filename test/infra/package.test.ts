/**
 * The package as other teams have it: packed, and installed beside a CDK app's own CDK, typed, synthesised without a build; and in a
 * server, with the types of the client.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const app = `
import { App, Stack } from 'aws-cdk-lib'
import { Key } from 'aws-cdk-lib/aws-kms'
import { ConsentLedger, LedgerStores } from 'consent-ledger/cdk'

const app = new App({ outdir: 'cdk.out' })
const stack = new Stack(app, 'Theirs', { env: { account: '111122223333', region: 'eu-west-1' } })
const stores = new LedgerStores(stack, 'Stores', { existingKeys: { dataKey: new Key(stack, 'Ours') } })
const ledger = new ConsentLedger(stack, 'Consent', {
  host: 'consent.example.org',
  administrators: { issuer: 'https://login.example.org', audience: 'consent-ledger' },
  stores,
})
ledger.metricCheckpointAge().createAlarm(stack, 'Late', { threshold: 60, evaluationPeriods: 1 })
app.synth()
`
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
const settings = {
  compilerOptions: { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: [], skipLibCheck: true },
  include: ['app.ts', 'server.ts'],
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
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  await writeFile(join(folder, 'app.ts'), app)
  await writeFile(join(folder, 'server.ts'), server)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('has types that an app and a server compile with', async () => {
  const { stdout } = await run(bin('tsc'), ['-p', folder]).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})

it('synthesises with the functions that came with it', async () => {
  await run(process.execPath, ['app.ts'], { cwd: folder })
  const template = JSON.parse(await readFile(join(folder, 'cdk.out', 'Theirs.template.json'), 'utf8'))
  const types = Object.values<{ Type: string }>(template.Resources).map(({ Type }) => Type)
  const count = (type: string) => types.filter((each) => each === type).length
  expect(count('AWS::Lambda::Function')).toBeGreaterThanOrEqual(9)
  expect(count('AWS::DynamoDB::GlobalTable')).toBe(3)
  // Theirs, and not another one for the tables: the keyring's, three that sign.
  expect(count('AWS::KMS::Key')).toBe(5)
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
