/** The CDK app of the ephemeral stage: what `deployment.ts` has the CDK's own program run. */
import { App } from 'aws-cdk-lib'
import { bundleLambdas } from '../../infra/bundle/lambda-bundles.ts'
import { addEphemeralStage, type EphemeralStage, stageVariable } from './stage.ts'

const stage = process.env[stageVariable]
if (stage === undefined) throw new Error(`${stageVariable} says which stage; npm run test:aws sets it`)
await bundleLambdas()
addEphemeralStage(new App(), JSON.parse(stage) as EphemeralStage)
