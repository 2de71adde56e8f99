/**
 * Leaves out of a bundle the parts of the AWS SDK that a function does not need. Together with `barrels.ts` it removes 75 KB of what a
 * function loads at start (`audit`: 525 KB to 449), which keeps the largest function within the budget of 450 KB and saves up to 15 ms.
 *
 *   credentials   each client gets the function's own; the chain that searches files, SSO, containers and machines is removed
 *   schemas       each client declares all shapes of its service in one module; marked as pure, unused ones are removed (S3's: 67 KB)
 *   errors        the class of each error; without it the error has the service's base class and the same name, and code reads the name only
 *   browsers      the parser of user agents; and all of a client's package.json but the version
 *
 * The remaining code is the SDK's own, unchanged. The tests run each bundle, and the adapters' error handling in them.
 */
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

const noCredentials = `
export const defaultProvider = () => async () => { throw new Error('a client of a bundle is given its credentials') }`

/** Shapes of errors begin with -3, those of everything else with a positive number. */
const shape = /^export var (\w+\$) = (\[(?!-)[\s\S]*?\]);$/gm
const errorShape = /^export var (\w+\$) = (\[-3, n0[\s\S]*?\]);\nn0_registry\.registerError\(.*\);$/gm
const pure = (_: string, name: string, value: string) => `export var ${name} = /* @__PURE__ */ (() => ${value})();`

export const sdkDiet: Plugin = {
  name: 'sdk-diet',
  setup(build) {
    const replace = (filter: RegExp, contents: string) => {
      build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'sdk-diet', pluginData: contents }))
    }
    build.onLoad({ filter: /.*/, namespace: 'sdk-diet' }, ({ pluginData }) => ({ contents: pluginData }))
    replace(/^@aws-sdk\/credential-provider-node$/, noCredentials)
    replace(/^bowser$/, 'export default undefined')
    build.onLoad({ filter: /@aws-sdk\/client-[\w-]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(errorShape, pure).replace(shape, pure),
    }))
    build.onLoad({ filter: /@aws-sdk\/[\w-]+\/package\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify({ version: JSON.parse(await readFile(path, 'utf8')).version }),
      loader: 'json',
    }))
  },
}
