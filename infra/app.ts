/**
 * The CDK app: `npm run synth`, `npx cdk deploy --all -c stage=dev`. The functions are bundled anew after a change; the same sources make
 * the same bytes, so an unchanged tree has nothing to deploy. Every stack is checked by cdk-nag's rules, and one finding stops the synthesis.
 */
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { bundleLambdas } from './bundle/lambda-bundles.ts'
import { exampleAccount } from './stages/made-up-values.ts'
import { addStage } from './stages/stage-stacks.ts'
import { stageNamed } from './stages/stages.ts'

await bundleLambdas()
const app = new App()
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
addStage(app, stageNamed(app.node.tryGetContext('stage') ?? 'dev'), process.env.CDK_DEFAULT_ACCOUNT ?? exampleAccount)
