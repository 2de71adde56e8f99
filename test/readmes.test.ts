/**
 * Every fenced block of every README, of the runbook and of .github is run by a test, or says why it is not. The line before a block:
 *
 *   <!-- tested: NAME -->                 a test runs it: one that reads this file and names the block, or takes them all
 *   <!-- needs an AWS account -->         it never ran; its shell is parsed here
 *
 * The adapters' README names its blocks after their language instead. `mermaid` and `text` are pictures.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const below = (folder: string, wanted: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => wanted.test(path) && !path.includes('node_modules'))

const documents = [
  'README.md',
  'CHANGELOG.md',
  ...['.github', 'shared', 'functions', 'infra', 'test'].flatMap((folder) => below(folder, /\.md$/)),
].filter((path) => !/^(infra\/(demo\/world|administration\/example)|test\/browser\/published-policies)\//.test(path))

const tests = below('test', /\.ts$/)
  .filter((path) => path !== 'test/readmes.test.ts')
  .map((path) => ({ path, text: read(path) }))

/** Runners that do not read the file themselves: where what a block says is done, step by step. */
const runBy: Readonly<Record<string, string>> = {
  'README.md start': '.ci/run',
  '.github/CONTRIBUTING.md check': '.ci/run',
  'infra/command/README.md install': 'test/infra/packages.test.ts',
  'infra/command/README.md library': 'test/infra/packages.test.ts',
  'infra/consent-ledger/README.md install': 'test/infra/cdk-package.test.ts',
  'infra/consent-ledger/README.md synth': 'test/infra/cdk-package.test.ts',
  'infra/consent-ledger/README.md consent': 'test/infra/cdk-package.test.ts',
  'infra/consent-ledger/README.md ledger-key': 'test/infra/cdk-package.test.ts',
  'infra/consent-ledger/README.md first': 'test/infra/cdk-package.test.ts',
  'infra/consent-ledger/README.md kept': 'test/infra/cdk-package.test.ts',
  'infra/consent-ledger/README.md front': 'test/infra/cdk-package.test.ts',
  'infra/runbook.md policy': 'test/runbook.test.ts',
  'shared/server/README.md install': 'test/infra/packages.test.ts',
}
/** Tests that take every block of these files. */
const takenWhole: readonly string[] = ['shared/client/README.md', 'shared/client/adapters/README.md']

interface Block {
  readonly marker: string
  readonly language: string
  readonly name: string
  readonly code: string
}

function blocksOf(path: string): Block[] {
  return [...read(path).matchAll(/^([^\n]*)\n```([a-z]*) ?(\S*)\n(.*?)^```$/gms)].map(
    ([, before = '', language = '', info = '', code = '']) => ({
      marker: before,
      language,
      name: /^<!-- tested: ([\w-]+) -->$/.exec(before)?.[1] ?? info,
      code,
    }),
  )
}

const isPicture = ({ language }: Block) => language === 'mermaid' || language === 'text'
const needsAccount = ({ marker }: Block) => marker === '<!-- needs an AWS account -->'

function isRun(path: string, { name }: Block): boolean {
  if (name === '') return false
  const runner = runBy[`${path} ${name}`]
  if (runner !== undefined) return existsSync(join(root, runner))
  const readers = tests.filter(({ text }) => text.includes(`'${path}'`))
  return takenWhole.includes(path)
    ? readers.length > 0
    : readers.some(({ text }) => text.includes(`'${name}'`) || text.includes(`get('${name}')`))
}

describe('the snippets', () => {
  it.each(documents)('of %s are run by a test, or need an AWS account', (path) => {
    const blocks = blocksOf(path)
    expect(blocks).toHaveLength((read(path).match(/^\s*```/gm) ?? []).length / 2)
    const left = blocks.filter((block) => !isPicture(block) && !needsAccount(block) && !isRun(path, block))
    expect(left.map(({ name, code }) => `${name} ${code.split('\n')[0]}`)).toEqual([])
  })

  it('that need an AWS account are shell that parses', () => {
    for (const path of documents)
      for (const { language, code } of blocksOf(path).filter(needsAccount)) {
        expect(language).toBe('sh')
        const { status, stderr } = spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' })
        expect([path, status, stderr]).toEqual([path, 0, ''])
      }
  })

  it('that .ci/run runs name scripts of the package', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const asked = Object.keys(runBy)
      .filter((key) => runBy[key] === '.ci/run')
      .flatMap((key) => blocksOf(key.split(' ')[0] ?? '').filter(({ name }) => key.endsWith(` ${name}`)))
      .flatMap(({ code }) => [...code.matchAll(/npm run (\S+)/g)].map(([, script = '']) => script))
    expect(asked.length).toBeGreaterThan(1)
    expect(asked.filter((script) => !(script in scripts))).toEqual([])
    for (const step of ['npm ci', 'npm start', 'npm test', 'types', 'lint']) expect(read('.ci/run')).toContain(step)
  })
})

const withoutBlocks = (text: string) => text.replace(/^```.*?^```$/gms, '')

/** The anchors that GitHub gives to the headings of a file: lower case, no punctuation, `-` for a space, a number when repeated. */
function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutBlocks(read(path)).matchAll(/^#{1,6} +(.*?) *$/gm)) {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const anchor = shown.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')
    let name = anchor
    for (let n = 1; anchors.has(name); n++) name = `${anchor}-${n}`
    anchors.add(name)
  }
  return anchors
}

it.each(documents)('the links of %s lead to files and headings of the repository', (path) => {
  const links = [...read(path).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => link)
  const dead = links.filter((link) => {
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && basename(target).endsWith('.md') && !anchorsOf(target).has(anchor)
  })
  expect(dead).toEqual([])
})
