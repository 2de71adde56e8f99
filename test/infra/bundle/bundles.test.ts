/** What is in the bundles: as much as the budget allows, nothing foreign, and of ours what each function's rights need. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Contents, contentsOf } from '../../../infra/bundle/contents.ts'
import { type Bundle, bundleLambdas, inputs } from '../../../infra/bundle/lambda-bundles.ts'
import { type LambdaName, lambdaNames } from '../../../infra/lambda-names.ts'
import packageJson from '../../../package.json' with { type: 'json' }

/** What a function may load at start, so that a cold start stays short. */
const budgetBytes = 450_000

let bundles: readonly Bundle[]
let all: ReadonlyMap<string, Contents>

beforeAll(async () => {
  bundles = await bundleLambdas()
  all = new Map(bundles.map((bundle) => [bundle.name, contentsOf(bundle)]))
})

const contents = (name: LambdaName): Contents => {
  const found = all.get(name)
  if (found === undefined) throw new Error(`no bundle ${name}`)
  return found
}
const functionsWith = (file: string): string[] => lambdaNames.filter((name) => contents(name).files.has(file))
const filesMatching = (name: LambdaName, pattern: RegExp) => [...contents(name).files].filter((f) => pattern.test(f))

describe.each(lambdaNames)('%s', (name) => {
  it('is within the budget of a cold start', () => {
    const { bytesAtStart, bytesInAll } = contents(name)
    expect(bytesAtStart).toBeGreaterThan(100_000)
    expect(bytesAtStart).toBeLessThanOrEqual(budgetBytes)
    expect(bytesInAll).toBeGreaterThan(bytesAtStart)
  })

  it('has nothing in it that is for building, testing or another machine', () => {
    const development = Object.keys(packageJson.devDependencies)
      // Tests read Parquet with it; the library that writes Parquet needs it too.
      .filter((each) => each !== 'hyparquet')
      .map((each) => `node_modules/${each}/`)
    const foreign = ['aws-cdk', 'vitest', '@vitest', 'dynoxide', '@dynoxide', 'constructs', 'zod-openapi', 'bowser']
    const local = ['test/', 'infra/', 'functions/aws/create-tables.ts']
    const unwanted = [...development, ...foreign.map((each) => `node_modules/${each}`), ...local]
    expect([...contents(name).files].filter((file) => unwanted.some((each) => file.startsWith(each)))).toEqual([])
    expect(filesMatching(name, /@aws-sdk\/(credential-provider|nested-clients|token-providers)/)).toEqual([
      'sdk-diet:@aws-sdk/credential-provider-node',
    ])
    for (const builtin of contents(name).builtins) expect(builtin).toMatch(/^node:/)
    expect([...contents(name).builtins]).not.toContain('node:sqlite')
    expect([...contents(name).builtins]).not.toContain('node:child_process')
  })

  it('is modules and nothing else: no source map, no word of the machine that made it', async () => {
    const folder = bundles.find((bundle) => bundle.name === name)?.folder ?? ''
    const files = await readdir(folder, { recursive: true })
    expect(files.filter((file) => !file.endsWith('.mjs'))).toEqual([])
    expect(files).toContain('index.mjs')
    const maps = await readdir(join(folder, '../../lambda-maps', name))
    expect(maps.sort()).toEqual(files.map((file) => `${file}.map`).sort())
    const text = (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('')
    expect(text).not.toContain('sourceMappingURL')
    for (const place of [import.meta.dirname, process.cwd()]) expect(text).not.toContain(place)
  })

  it('has S3’s client, and what only S3 needs, behind an import that waits', () => {
    const { files, filesAtStart } = contents(name)
    expect([...files]).toContain('functions/aws/s3-objects.ts')
    const early = /s3-objects|client-s3|middleware-sdk-s3|checksums|xml|HttpBindingProtocol/
    expect([...filesAtStart].filter((file) => early.test(file))).toEqual([])
  })
})

describe('a function has what its rights need', () => {
  const keepers: readonly LambdaName[] = ['sequence', 'sweep', 'redrive', 'release']
  const onHttp: readonly LambdaName[] = ['ingest', 'read', 'log', 'audit', 'administer', 'erase', 'letters', 'link']

  it('requests, tokens and schemas: those that answer over HTTP; the schema of events also what imports them', () => {
    for (const name of lambdaNames.filter((each) => !onHttp.includes(each))) {
      const unwanted = name === 'import' ? /node_modules\/(jose|@middy)\// : /node_modules\/(zod|jose|@middy)\//
      expect(filesMatching(name, unwanted)).toEqual([])
      expect(filesMatching(name, /^functions\/http\//)).toEqual([])
    }
    expect(functionsWith('functions/http/app.ts')).toEqual([...onHttp])
  })

  it('what verifies tokens at start: those whose every call carries one', () => {
    const atStart = onHttp.filter((name) => contents(name).filesAtStart.has('functions/http/tokens.ts'))
    expect(atStart).toEqual(['audit', 'administer', 'erase'])
    expect(functionsWith('functions/http/tokens.ts')).toEqual([...onHttp])
  })

  it('the sequencer: those that are rung; the publisher: those and the sweep', () => {
    expect(functionsWith('shared/ledger/log/sequencer.ts')).toEqual(['sequence', 'redrive', 'release'])
    expect(functionsWith('shared/ledger/log/publisher.ts')).toEqual([...keepers])
    expect(functionsWith('shared/ledger/log/open-log.ts')).toEqual(['sequence', 'redrive', 'release'])
  })

  it('scans: the self-audit, and retention', () => {
    expect(functionsWith('functions/aws/scan.ts')).toEqual(['retain', 'self-audit'])
    expect(functionsWith('shared/ledger/audit/self-audit.ts')).toEqual(['self-audit'])
  })

  it('controllers’ secrets: none that keeps the logs', () => {
    for (const name of keepers) {
      expect(filesMatching(name, /kms-keyring|ledger\/vault|sealed-event/)).toEqual([])
    }
  })

  it('recording: ingest, letters by their links, and imports; publishing a policy: administration; proving: audit', () => {
    expect(functionsWith('shared/ledger/recording/record-events.ts')).toEqual(['ingest', 'letters', 'import'])
    expect(functionsWith('shared/api/schemas/policies.ts')).toEqual(['administer'])
    expect(functionsWith('shared/ledger/proofs/prove-consent.ts')).toEqual(['audit'])
  })

  it('what hands letters over: letters, with the first of them', () => {
    expect(functionsWith('functions/aws/event-bus-outbox.ts')).toEqual(['letters'])
    expect([...contents('letters').filesAtStart]).not.toContain('functions/aws/event-bus-outbox.ts')
  })

  it('what reads TC strings: ingest and letters, once there is one', () => {
    const readers = lambdaNames.filter((name) => filesMatching(name, /node_modules\/@iabtechlabtcf\//).length > 0)
    expect(readers).toEqual(['ingest', 'letters'])
    const early = [...contents('ingest').filesAtStart].filter((file) => /@iabtechlabtcf|http\/tc-/.test(file))
    expect(early).toEqual([])
  })

  it('deleting from the vault: erasure and retention', () => {
    expect(functionsWith('functions/aws/vault-eraser.ts')).toEqual(['erase', 'retain'])
    expect(functionsWith('functions/aws/retention-vault.ts')).toEqual(['retain'])
  })

  it('a document made beforehand, and not what makes it', () => {
    expect(functionsWith('functions/http/openapi.ts')).toEqual(['read'])
    expect(functionsWith('functions/endpoints/console-files.ts')).toEqual(['read'])
    expect([...contents('read').filesAtStart]).not.toContain('functions/endpoints/console-files.ts')
    expect(filesMatching('read', /schemas\/(answers|policies|record-27560)/)).toEqual([])
  })
})

it('is made anew after a change of any file that it is made of, or that makes it', async () => {
  const makers = await build({
    ...{
      entryPoints: ['infra/bundle/lambda-bundles.ts'],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    },
    ...{ metafile: true, write: false, outdir: 'out', logLevel: 'silent' },
  })
  const sources = [...bundles, makers].flatMap(({ metafile }) => Object.keys(metafile.inputs))
  const own = sources.filter((path) => !/^node_modules\/|^sdk-diet:/.test(path))
  expect(own.length).toBeGreaterThan(300)
  expect(own.filter((path) => !inputs.some((input) => path === input || path.startsWith(`${input}/`)))).toEqual([])
})
