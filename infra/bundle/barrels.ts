/**
 * Imports of the SDK's `protocols` modules, which re-export everything, are resolved to the modules that define the names. Otherwise
 * esbuild would put what only one chunk names where all chunks that import the same module find it, and some 24 KB that only S3's client
 * uses (its XML parser among them) would be loaded at every start.
 *
 * No code changes. A name that the re-exporting module defines itself is still imported from it.
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
    const places = allPlaces()
    onLoad({ filter: /node_modules\/@(aws-sdk|smithy)\/[\w-]+\/dist-es\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const known = await places
      const contents = text.replace(barrel, (whole, kind: string, list: string, packageName: string) => {
        const found = namesIn(list).map((name) => [name, known.get(`${packageName} ${name}`)] as const)
        if (found.some(([, place]) => place === undefined)) return whole
        return found.map(([name, place]) => `${kind} { ${name} } from ${JSON.stringify(place)};`).join('\n')
      })
      return contents === text ? undefined : { contents }
    })
  },
}

/** The module that a name comes from, by `<package> <name>`. The SDK's barrel passes on some of what Smithy's does. */
async function allPlaces(): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>()
  for (const packageName of ['@smithy/core', '@aws-sdk/core']) {
    const root = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`))
    const folder = join(root, 'dist-es/submodules/protocols')
    const text = await readFile(join(folder, 'index.js'), 'utf8')
    for (const [, list = '', from = ''] of text.matchAll(reexport)) {
      for (const name of namesIn(list)) {
        const behind = from === '@smithy/core/protocols' ? places.get(`@smithy/core ${name}`) : undefined
        places.set(`${packageName} ${name}`, behind ?? (from.startsWith('.') ? `${join(folder, from)}.js` : from))
      }
    }
  }
  return places
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
