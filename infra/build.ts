/**
 * `npm run build`, also after every install, makes what is derived from the sources:
 *
 *   dist/console           the preference centre and the banner, which the ledger serves
 *   dist/lambda/<name>     the Lambda functions
 *   dist/packages/<name>   the npm packages: the browser client, the server client, the verifier, the CDK construct
 */

import { buildPackages } from './bundle/build-packages.ts'
import { bundleConsole } from './bundle/console.ts'
import { bundleLambdas } from './bundle/lambda-bundles.ts'
import { parseCommandLine, run } from './command-line.ts'

const help = `npm run build

Builds into dist: console (the pages), lambda (the functions) and packages (the npm packages). What was in dist/packages is replaced.

  --help   this text`

run(async () => {
  const { values } = parseCommandLine({ options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    console.log(help)
    return
  }
  await Promise.all([bundleConsole(), bundleLambdas().then((lambdas) => buildPackages(lambdas))])
})
