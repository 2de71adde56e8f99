/**
 * `npm run build`, also after every install, makes what is derived from the sources:
 *
 *   dist/console           the preference centre and the banner, which the ledger serves
 *   dist/reference         the API reference, which the ledger serves
 *   dist/lambda/<name>     the Lambda functions
 *   dist/packages/<name>   the npm packages: the browser client, the server client, the verifier, the CDK construct
 *
 * It links the verifier's command into node_modules/.bin, so that `npx consent-ledger` works in the repository. If package.json named it as
 * its `bin`, each first use of npx would install the repository into npx's cache and build it again.
 */

import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { buildPackages } from './bundle/build-packages.ts'
import { bundleConsole } from './bundle/console.ts'
import { bundleLambdas } from './bundle/lambda-bundles.ts'
import { bundleReference } from './bundle/reference.ts'
import { run } from './command-line.ts'
import { readArguments } from './local/arguments.ts'

const usage = `npm run build

Builds into dist: console (the pages), reference (the API reference), lambda (the functions) and packages (the npm packages). What was in dist/packages is replaced.`

run(async () => {
  if (readArguments(usage, {}, process.argv.slice(2), process.env) === undefined) return
  await Promise.all([bundleConsole(), bundleReference(), bundleLambdas().then((lambdas) => buildPackages(lambdas))])
  await linkCommand()
})

async function linkCommand(): Promise<void> {
  const link = join(import.meta.dirname, '..', 'node_modules', '.bin', 'consent-ledger')
  await rm(link, { force: true })
  await symlink(join('..', '..', 'dist', 'packages', 'verify', 'consent-ledger.mjs'), link)
}
