/**
 * `npm run build`, also after every install: all that is made of the sources and not kept with them.
 *
 *   dist/consent-ledger.mjs, dist/verify.mjs   the verifier: a command, and a library for browsers and elsewhere
 *   dist/client                                the browser SDK: modules, and one file for a script tag
 *   dist/console                               the preference centre and the banner, which the ledger serves
 *   dist/lambda/<name>                         the Lambda functions
 *   dist/server.mjs                            the client for servers
 *   dist/cdk.mjs                               the construct, for other people's CDK apps
 *   dist/types                                 the types of all of them
 */
import { bundleClient } from './bundle/client.ts'
import { bundleConsole } from './bundle/console.ts'
import { bundleConstruct } from './bundle/construct.ts'
import { bundleLambdas } from './bundle/lambda-bundles.ts'
import { bundleServerClient } from './bundle/server-client.ts'
import { emitTypes } from './bundle/types.ts'
import { bundleVerifier } from './bundle/verifier.ts'

await Promise.all([
  bundleVerifier(),
  bundleClient(),
  bundleServerClient(),
  bundleConsole(),
  bundleLambdas(),
  bundleConstruct(),
  emitTypes(),
])
