/**
 * `npm run build`, also after every install: all that is made of the sources and not kept with them.
 *
 *   dist/consent-ledger.mjs, dist/verify.mjs   the verifier: a command, and a library for browsers and elsewhere
 *   dist/lambda/<name>                         the Lambda functions
 *   dist/cdk.mjs, dist/types                   the construct, for other people's CDK apps
 *   dist/server.mjs, dist/types                the client, for other people's servers
 */
import { bundleConstruct } from './bundle/construct.ts'
import { bundleLambdas } from './bundle/lambda-bundles.ts'
import { bundleServerClient } from './bundle/server-client.ts'
import { bundleVerifier } from './bundle/verifier.ts'

await Promise.all([bundleVerifier(), bundleLambdas(), bundleConstruct(), bundleServerClient()])
