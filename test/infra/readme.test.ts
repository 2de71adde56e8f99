/** `infra/README.md`: its table of rights is that of `permissions.ts`, and the command that needs no account is what `.ci/run` does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { insert, rights } from '../../infra/consent-ledger/permissions.ts'
import { lambdaNames } from '../../infra/lambda-names.ts'
import { stages } from '../../infra/stages/stages.ts'
import { snippetsOf } from '../support/readme-snippets.ts'
import { synthesised } from '../support/synthesised.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
const readme = read('infra/README.md')

/** Words of the table for DynamoDB's actions. Reading includes getting. */
function wordsFor(actions: readonly string[] = []): string[] {
  const has = (action: string) => actions.includes(`dynamodb:${action}`)
  const words = [
    ['read', has('Query')],
    ['get', has('GetItem') && !has('Query')],
    ['insert', has('PartiQLInsert')],
    ['delete', has('DeleteItem')],
    ['update', has('UpdateItem')],
    ['scan', has('Scan')],
  ] as const
  return words.filter(([, isThere]) => isThere).map(([word]) => word)
}

const rows = [...readme.matchAll(/^\| (`[a-z`, -]+`[^|]*) \|([^|]*)\|([^|]*)\|([^|]*)\|/gm)].map(
  ([, names = '', ...cells]) => ({
    names: [...names.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
    cells: cells.map((cell) => cell.replace(/\(.*?\)/g, '').match(/[a-z]+/g) ?? []),
  }),
)

it('has every function in one row of the table', () => {
  expect(rows.flatMap(({ names }) => names).sort()).toEqual([...lambdaNames].sort())
})

it.each(lambdaNames)('says what %s may do to each table', (name) => {
  const { tables, intoLog } = rights[name]
  const logActions = [...(tables.log ?? []), ...(intoLog ? [insert] : [])]
  const row = rows.find(({ names }) => names.includes(name))
  const expected = [tables.entries, tables.vault, logActions].map(wordsFor)
  expect(row?.cells.map((cell) => [...cell].sort())).toEqual(expected.map((words) => words.sort()))
})

it('has the command that CI runs for each stage', () => {
  expect(snippetsOf('infra/README.md').get('synth')).toBe('npm run synth -- -c stage=prod\n')
  expect(read('.ci/run')).toContain(`for stage in ${Object.keys(stages).join(' ')}; do`)
  expect(read('.ci/run')).toContain('npm run --silent synth -- -c stage=$stage')
})

it.each(['infra/README.md', 'infra/runbook.md'])('%s bootstraps each region of a stage with a domain', (path) => {
  const regions = synthesised('prod').assembly.stacks.map(({ environment }) => environment.region)
  expect(new Set(regions).size).toBe(2)
  const [command = ''] = /npx cdk bootstrap aws:\/\/ACCOUNT\/\S+ aws:\/\/\S+/.exec(read(path)) ?? []
  for (const region of regions) expect(command).toContain(`aws://ACCOUNT/${region}`)
})
