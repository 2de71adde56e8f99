/**
 * Resolves imports of the SDK's `protocols` modules, which re-export everything, to the modules that define the names. Otherwise esbuild
 * puts what a single chunk uses into the chunk that all importers of the module share, and some 24 KB that only S3's client uses (such as
 * its XML parser) are loaded at every start.
 *
 * The code itself is unchanged. A name that the re-exporting module defines is still imported from there.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

const barrel = /^(import|export) \{([^}]*)\} from "(@(?:smithy|aws-sdk)\/core)\/protocols";$/gm
const reexport = /^export \{([^}]*)\} from "([^"]+)";$/gm

export const barrelsPassedBy: Plugin = {
  name: 'barrels-passed-by',
  setup({ onLoad }) {
    const modules = definingModules()
    onLoad({ filter: /node_modules\/@(aws-sdk|smithy)\/[\w-]+\/dist-es\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const known = await modules
      const contents = text.replace(barrel, (whole, kind: string, list: string, packageName: string) => {
        const found = namesIn(list).map((name) => [name, known.get(`${packageName} ${name}`)] as const)
        if (found.some(([, module]) => module === undefined)) return whole
        return found.map(([name, module]) => `${kind} { ${name} } from ${JSON.stringify(module)};`).join('\n')
      })
      return contents === text ? undefined : { contents }
    })
  },
}

/** The module that defines a name, by `<package> <name>`. The SDK's `protocols` re-exports some of Smithy's. */
async function definingModules(): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>()
  for (const packageName of ['@smithy/core', '@aws-sdk/core']) {
    const root = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`))
    const folder = join(root, 'dist-es/submodules/protocols')
    const text = await readFile(join(folder, 'index.js'), 'utf8')
    for (const [, list = '', from = ''] of text.matchAll(reexport)) {
      for (const name of namesIn(list)) {
        const original = from === '@smithy/core/protocols' ? modules.get(`@smithy/core ${name}`) : undefined
        modules.set(`${packageName} ${name}`, original ?? (from.startsWith('.') ? `${join(folder, from)}.js` : from))
      }
    }
  }
  return modules
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
