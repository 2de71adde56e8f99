/** Every template, read by cfn-lint against CloudFormation's own resource schemas: property names, types, values, regions, references. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Json, stageNames, synthesised } from '../support/synthesised.ts'

const tools = inject('pythonTools')

/** Where stages may stand: a property or resource that one of them lacks is a finding. One reading for all takes no longer than for one. */
const regions = ['eu-north-1', 'eu-west-1', 'us-east-1'] as const

/** CDK makes every function depend on its role, to which it refers anyway. */
const redundantDependency = 'W3005'

interface Finding {
  readonly Rule: { readonly Id: string }
  readonly Message: string
  readonly Filename: string
  readonly Location: { readonly Path: readonly (string | number)[] }
}

describe.skipIf(tools === '').concurrent('cfn-lint', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'templates-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** `rule at path in template: message`, one for each finding. */
  async function lint(templates: Readonly<Record<string, Json>>, where: readonly string[]): Promise<string[]> {
    const files = await Promise.all(
      Object.entries(templates).map(async ([name, template]) => {
        const file = join(folder, `${name}.json`)
        await writeFile(file, JSON.stringify(template))
        return file
      }),
    )
    const words = ['--format', 'json', '--ignore-checks', redundantDependency, '--regions', ...where, '--template']
    const { code, output, errors } = await outcome(join(tools, 'cfn-lint'), [...words, ...files])
    // Its exit code is the sum of the kinds of findings: 2 errors, 4 warnings, 8 remarks.
    if (code % 2 !== 0 || errors !== '') throw new Error(`cfn-lint ended with ${code}: ${errors}`)
    const findings: Finding[] = JSON.parse(output === '' ? '[]' : output)
    return findings.map(
      ({ Rule, Message, Filename, Location }) =>
        `${Rule.Id} at ${Location.Path.join('/')} in ${Filename.slice(folder.length + 1)}: ${Message}`,
    )
  }

  const isEdge = (name: string): boolean => name.endsWith('-edge')

  it('finds nothing in the stacks of any stage, in any of three regions', async () => {
    const all = stageNames.flatMap((stage) => Object.entries(synthesised(stage).templates))
    const regional = Object.fromEntries(all.filter(([name]) => !isEdge(name)))
    expect(Object.keys(regional)).toHaveLength(2 * stageNames.length)
    expect(await lint(regional, regions)).toEqual([])
  })

  it('finds nothing in what stands in front of them', async () => {
    const all = stageNames.flatMap((stage) => Object.entries(synthesised(stage).templates))
    const edges = Object.fromEntries(all.filter(([name]) => isEdge(name)))
    expect(Object.keys(edges)).toEqual(['consent-ledger-staging-edge', 'consent-ledger-prod-edge'])
    expect(await lint(edges, ['us-east-1'])).toEqual([])
  })

  it('finds a property that does not exist and a value that is none of the allowed ones', async () => {
    const [name = '', template] = Object.entries(synthesised('prod').templates).find(([each]) => isEdge(each)) ?? []
    const broken = structuredClone(template)
    const [id = '', distribution] =
      Object.entries<Json>(broken.Resources).find(([, { Type }]) => Type === 'AWS::CloudFront::Distribution') ?? []
    distribution.Properties.DistributionConfig.HttpVersion = 'http9'
    distribution.Properties.Comments = 'no such property'
    const found = await lint({ [`broken-${name}`]: broken }, ['us-east-1'])
    expect(found).toEqual([
      expect.stringMatching(`^E3002 at Resources/${id}/Properties/Comments `),
      expect.stringMatching(`^E3030 at Resources/${id}/Properties/DistributionConfig/HttpVersion `),
    ])
  })
})

function outcome(command: string, words: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((settle) => {
    const child = execFile(command, words, { maxBuffer: 1 << 26 }, (_, output, errors) =>
      settle({ code: child.exitCode ?? -1, output, errors }),
    )
  })
}
