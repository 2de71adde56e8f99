/**
 * A stage as it would be deployed, synthesised in process: the app with the context of `cdk.json`, one account, no network.
 *
 * Templates are read with every reference resolved to a name: `{StoresEntries.Arn}` is the attribute of a resource, by its logical id
 * without the digits that CDK appends, wherever it is referred to from. So a statement of one stack can be compared with a table of
 * another, as a sentence.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack, Validations } from 'aws-cdk-lib'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { ConsentLedger, type ConsentLedgerProps } from '../../infra/consent-ledger/consent-ledger.ts'
import { addStacks, type StageStacks } from '../../infra/stages/stage-stacks.ts'
import { type Stage, type StageName, stages } from '../../infra/stages/stages.ts'

export const account = '111122223333'
export const stageNames = Object.keys(stages) as StageName[]

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of CloudFormation's making, and tests say what they expect of it
export type Json = any

export interface Resource {
  readonly id: string
  readonly type: string
  /** CloudFormation's properties, with references as names. */
  readonly properties: Json
  /** As it stands in the template, but for its metadata. */
  readonly raw: Json
}

export interface Synthesised {
  readonly assembly: CloudAssembly
  /** By stack: what its template is. */
  readonly templates: Readonly<Record<string, Json>>
  /** The resources of all stacks. */
  readonly resources: readonly Resource[]
  of(type: string): readonly Resource[]
}

interface Changes {
  readonly stage?: Partial<Stage>
  /** Adds constructs to the stacks. */
  readonly add?: (stacks: StageStacks) => void
  /** A folder of the caller's for what is synthesised, which otherwise is removed once it was read. */
  readonly outdir?: string
}

const root = join(import.meta.dirname, '../..')
const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'))
const cached = new Map<StageName, Synthesised>()

/** Each stage once for each test file. */
export function synthesised(name: StageName): Synthesised {
  const known = cached.get(name) ?? changed(name)
  cached.set(name, known)
  return known
}

/** The resource of a type whose id begins like that. */
export function resourceOf(stage: Synthesised, type: string, id: string): Resource {
  const found = stage.of(type).find((resource) => resource.id.startsWith(id))
  if (!found) throw new Error(`there is no ${id}`)
  return found
}

export function changed(name: StageName, { stage, add, outdir }: Changes = {}): Synthesised {
  return inApp((app) => {
    const stacks = addStacks(app, name, { ...stages[name], ...stage }, account)
    add?.(stacks)
    return read(app)
  }, outdir)
}

/** What an app is made of by whoever adds stacks to it. */
export function synthesisedBy(add: (app: App) => void): Synthesised {
  return inApp((app) => {
    add(app)
    return read(app)
  })
}

/** What an outsider's app makes of the construct alone. */
export function alone(props: (stack: Stack) => Partial<ConsentLedgerProps> = () => ({})): Synthesised {
  return synthesisedBy((app) => {
    const stack = new Stack(app, 'Outsider', { env: { account, region: 'eu-west-1' } })
    const administrators = { issuer: 'https://login.example.org', audience: 'ledger' }
    new ConsentLedger(stack, 'Ledger', { host: 'consent.example.org', administrators, ...props(stack) })
  })
}

export interface Checked {
  /** `rule at construct` for each finding that was not acknowledged. */
  readonly findings: readonly string[]
  /** Acknowledged rules, by reason. */
  readonly acknowledged: Readonly<Record<string, readonly string[]>>
}

/** What the checks of `infra/app.ts` say of a stage, CDK's own included; an error among them throws, as it stops a deployment. */
export function checked(name: StageName, changes: Changes = {}): Checked {
  return inApp((app) => checkedIn(app, name, changes))
}

function checkedIn(app: App, name: StageName, changes: Changes): Checked {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
  const stacks = addStacks(app, name, { ...stages[name], ...changes.stage }, account)
  changes.add?.(stacks)
  app.synth()
  const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'))
  const findings = report.pluginReports.flatMap(({ violations = [] }: Json) =>
    violations.flatMap(({ ruleName, violatingConstructs }: Json) =>
      violatingConstructs.map(({ constructPath }: Json) => `${ruleName} at ${constructPath}`),
    ),
  )
  const acknowledged: Record<string, string[]> = {}
  for (const { metadata } of app.node.findAll().map(({ node }) => node))
    for (const { type, data } of metadata)
      if (type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        for (const [rule, reason] of Object.entries<string>(data)) {
          const rules = acknowledged[reason] ?? []
          acknowledged[reason] = rules.includes(rule) ? rules : [...rules, rule]
        }
  return { findings, acknowledged }
}

/** Tests that read templates need no traces and no copies of the bundles, which make no difference to them. */
const quick = {
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-creation-stack-traces': true,
}

function inApp<T>(use: (app: App) => T, given?: string): T {
  const outdir = given ?? mkdtempSync(join(tmpdir(), 'synthesised-'))
  try {
    return use(new App({ outdir, context: { ...context, ...quick } }))
  } finally {
    if (given === undefined) rmSync(outdir, { recursive: true })
  }
}

/** Synthesis without CloudFormation's own rules, which take longer than all the rest; `checked` asks them. */
export function unchecked(app: App): CloudAssembly {
  process.env.CDK_VALIDATION = 'false'
  try {
    return app.synth()
  } finally {
    delete process.env.CDK_VALIDATION
  }
}

function read(app: App): Synthesised {
  const assembly = unchecked(app)
  const templates = Object.fromEntries(assembly.stacks.map((stack) => [stack.stackName, stack.template as Json]))
  const named = namer(templates)
  const resources = Object.values(templates).flatMap((template) =>
    Object.entries(template.Resources as Record<string, Json>).map(([id, { Metadata, ...raw }]) => ({
      id,
      type: raw.Type,
      properties: named(raw.Properties ?? {}),
      raw,
    })),
  )
  return { assembly, templates, resources, of: (type) => resources.filter((resource) => resource.type === type) }
}

/** Replaces references by names, and the physical names of buckets by theirs. */
function namer(templates: Readonly<Record<string, Json>>): (value: Json) => Json {
  const buckets = Object.values(templates).flatMap(({ Resources }) =>
    Object.entries(Resources as Record<string, Json>)
      .filter(([, { Type, Properties }]) => Type === 'AWS::S3::Bucket' && typeof Properties?.BucketName === 'string')
      .map(([id, { Properties }]) => [`arn:aws:s3:::${Properties.BucketName}`, `{${bare(id)}.Arn}`] as const),
  )
  const named = (value: Json): Json => {
    if (typeof value === 'string') return buckets.reduce((text, [arn, name]) => text.replace(arn, name), value)
    if (Array.isArray(value)) return value.map(named)
    if (typeof value !== 'object' || value === null) return value
    const [[name = '', content] = []] = Object.entries<Json>(value)
    if (Object.keys(value).length === 1) {
      if (name === 'Ref') return content.startsWith('AWS::') ? `{${content}}` : `{${bare(content)}}`
      if (name === 'Fn::GetAtt') return `{${bare(content[0])}.${content[1]}}`
      if (name === 'Fn::Join') return named(content[1].map(named).join(content[0]))
      if (name === 'Fn::Select' && content[1]['Fn::Split']) return `${named(content[1]['Fn::Split'][1])}[${content[0]}]`
      if (name === 'Fn::GetStackOutput') return named(templates[content.StackName].Outputs[content.OutputName].Value)
      if (name === 'Fn::ImportValue') return named(exportedValue(templates, content))
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each)]))
  }
  return named
}

function exportedValue(templates: Readonly<Record<string, Json>>, name: string): Json {
  const outputs = Object.values(templates).flatMap(({ Outputs = {} }) => Object.values<Json>(Outputs))
  return outputs.find(({ Export }) => Export?.Name === name).Value
}

export function bare(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '')
}
