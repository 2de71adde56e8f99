/**
 * The CDK app: `npm run synth`, `npx cdk deploy --all -c stage=dev`. The functions are bundled anew each time; the same sources make the
 * same bytes, so an unchanged tree has nothing to deploy. Every stack is checked by cdk-nag's rules, and one finding stops the synthesis.
 */
import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { bundleLambdas } from './bundle/lambda-bundles.ts'
import { EdgeStack } from './edge-stack.ts'
import { type Stage, stageNamed, stages } from './stages.ts'
import { StatefulStack } from './stateful-stack.ts'
import { StatelessStack } from './stateless-stack.ts'

/** Of whoever deploys; an example where nobody is signed in, so that everything can be synthesised and checked without an account. */
const exampleAccount = '111122223333'

export function addStage(app: App, name: keyof typeof stages, account: string): void {
  const stage: Stage = stages[name]
  const ledger = `consent-ledger-${name}`
  const env = { account, region: stage.region }
  const common = { env, terminationProtection: !stage.destroyable }

  const stateful = new StatefulStack(app, `${ledger}-stateful`, {
    ...common,
    stage,
    domainPrefix: `${ledger}-${account}`,
    bucketPrefix: ledger,
  })
  const { stores, users } = stateful
  new StatelessStack(app, ledger, { ...common, name: ledger, stage, stores, ...(users && { users }) })
  if (stage.domain) {
    const objectsName = `${ledger}-objects-${account}-${stage.region}`
    const edge = { name: ledger, stage, domain: stage.domain, objectsName }
    new EdgeStack(app, `${ledger}-edge`, { ...common, ...edge, env: { account, region: 'us-east-1' } })
  }
  Tags.of(app).add('application', 'consent-ledger')
  Tags.of(app).add('stage', name)
}

await bundleLambdas()
const app = new App()
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
addStage(app, stageNamed(app.node.tryGetContext('stage') ?? 'dev'), process.env.CDK_DEFAULT_ACCOUNT ?? exampleAccount)
