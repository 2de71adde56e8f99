/**
 * The stacks of one stage: stateful (must outlive every deployment), stateless (can be replaced at any time) and, where there is a domain,
 * edge (CloudFront, in us-east-1).
 */
import { type App, Tags } from 'aws-cdk-lib'
import { EdgeStack } from './edge-stack.ts'
import { refuseMadeUpValues } from './made-up-values.ts'
import { type Stage, type StageName, stages } from './stages.ts'
import { StatefulStack } from './stateful-stack.ts'
import { StatelessStack } from './stateless-stack.ts'

export interface StageStacks {
  readonly stateful: StatefulStack
  readonly stateless: StatelessStack
  readonly edge?: EdgeStack
}

/** @throws Error for users, when the stage still has made-up values and the account is a real one */
export function addStage(app: App, name: StageName, account: string): StageStacks {
  refuseMadeUpValues(name, stages[name], account)
  return addStacks(app, name, stages[name], account)
}

/** `name` is part of all names that are made, so that an account can hold two stages. */
export function addStacks(app: App, name: string, stage: Stage, account: string): StageStacks {
  const ledger = `consent-ledger-${name}`
  const env = { account, region: stage.region }
  const common = { env, terminationProtection: stage.deletionProtection ?? false }

  const stateful = new StatefulStack(app, `${ledger}-stateful`, {
    ...common,
    stage,
    domainPrefix: `${ledger}-${account}`,
    bucketPrefix: ledger,
  })
  const { stores, users } = stateful
  const stateless = new StatelessStack(app, ledger, { ...common, name: ledger, stage, stores, ...(users && { users }) })
  let edge: EdgeStack | undefined
  if (stage.domain) {
    const bucket = (purpose: string) => `${ledger}-${purpose}-${account}-${stage.region}`
    const buckets = { objectsName: bucket('objects'), servedName: bucket('served') }
    const names = { name: ledger, stage, domain: stage.domain, ...buckets }
    edge = new EdgeStack(app, `${ledger}-edge`, { ...common, ...names, env: { account, region: 'us-east-1' } })
  }
  for (const stack of [stateful, stateless, ...(edge ? [edge] : [])]) {
    Tags.of(stack).add('application', 'consent-ledger')
    Tags.of(stack).add('stage', name)
  }
  return { stateful, stateless, ...(edge && { edge }) }
}
