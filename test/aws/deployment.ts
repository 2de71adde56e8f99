/** Deploys an ephemeral stage by the CDK's pinned program, and destroys it. Both say everything on standard output. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type EphemeralStage, ledgerName, stageVariable, twinOutput } from './stage.ts'

const root = resolve(import.meta.dirname, '../..')

export interface Deployed {
  readonly url: string
  readonly entries: string
  readonly log: string
  readonly vault: string
  readonly objects: string
  readonly served: string
  readonly twinRole: string
}

export interface Deployer {
  deploy(stage: EphemeralStage): Promise<Deployed>
  destroy(stage: EphemeralStage): Promise<void>
}

let deployer: Deployer = { deploy: deployByCdk, destroy: destroyByCdk }

/** CloudFormation has no stand-in that knows these templates: whoever stands in for the account brings a deployer. */
export function deployWith(other: Deployer): void {
  deployer = other
}

export const deploy: Deployer['deploy'] = (stage) => deployer.deploy(stage)
export const destroy: Deployer['destroy'] = (stage) => deployer.destroy(stage)

async function deployByCdk(stage: EphemeralStage): Promise<Deployed> {
  console.log(`If this ends before it has cleaned up:\n\n  ${byHand(stage)}\n`)
  const folder = await mkdtemp(join(tmpdir(), 'ledger-test-stage-'))
  const outputsFile = join(folder, 'outputs.json')
  try {
    await cdk(stage, ['deploy', '--all', '--require-approval', 'never', '--outputs-file', outputsFile])
    return deployedIn(stage, JSON.parse(await readFile(outputsFile, 'utf8')))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Keys stay for the seven days that KMS gives them; everything else goes. */
function destroyByCdk(stage: EphemeralStage): Promise<void> {
  return cdk(stage, ['destroy', '--all', '--force'])
}

/** By stack, what it put out. */
export function deployedIn(
  stage: EphemeralStage,
  outputs: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Deployed {
  const of = (stack: string, name: string): string => {
    const value = outputs[stack]?.[name]
    if (value) return value
    throw new Error(`the stack ${stack} put out no ${name}: its outputs are in infra/*-stack.ts`)
  }
  const stateless = ledgerName(stage)
  const stateful = `${stateless}-stateful`
  return {
    url: of(stateless, 'Url'),
    entries: of(stateful, 'EntriesTable'),
    log: of(stateful, 'LogTable'),
    vault: of(stateful, 'VaultTable'),
    objects: of(stateful, 'ObjectsBucket'),
    served: of(stateful, 'ServedBucket'),
    twinRole: of(stateless, twinOutput),
  }
}

export function cdkArguments(command: readonly string[]): string[] {
  return [join(root, 'node_modules/aws-cdk/bin/cdk'), ...command, '--app', `"${process.execPath}" test/aws/app.ts`]
}

async function cdk(stage: EphemeralStage, command: readonly string[]): Promise<void> {
  const output = await mkdtemp(join(tmpdir(), 'ledger-test-cdk-'))
  try {
    const child = spawn(process.execPath, [...cdkArguments(command), '--output', output], {
      cwd: root,
      env: { ...process.env, [stageVariable]: JSON.stringify(stage), AWS_REGION: stage.region },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`cdk ${command[0]} ended with ${code}; what it said is above`)
  } finally {
    await rm(output, { recursive: true, force: true })
  }
}

function byHand(stage: EphemeralStage): string {
  const quotedJson = JSON.stringify(stage).replaceAll("'", "'\\''")
  return `${stageVariable}='${quotedJson}' npx cdk destroy --all --force --app 'npm exec -- node test/aws/app.ts'`
}
