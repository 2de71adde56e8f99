/**
 * Bundles the Lambda functions: for each file of `functions/lambda` a folder `dist/lambda/<name>` with `index.mjs`, ESM for Node 24 that
 * includes the SDK. Code that a function seldom needs is in chunks beside it, which are loaded when they are needed.
 *
 * The SDK is most of a bundle; `sdk-diet.ts` leaves out what is not needed on Lambda. Source maps go to `dist/lambda-maps`, because a
 * function with its maps in the bundle would start later.
 */
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import { servedRoutes } from '../../functions/served-routes.ts'
import { type LambdaName, lambdaNames } from '../lambda-names.ts'
import { barrelsPassedBy } from './barrels.ts'
import { consoleFiles } from './console.ts'
import { keptBuild } from './kept-build.ts'
import { referenceFiles } from './reference.ts'
import { type Files, replaceFiles } from './replace-files.ts'
import { sdkDiet } from './sdk-diet.ts'

const root = join(import.meta.dirname, '..', '..')

/** The OpenAPI document never changes, so the bundle contains the document in place of the code that makes it. */
const frozenDocument: Plugin = {
  name: 'frozen-document',
  setup({ onLoad }) {
    onLoad({ filter: /functions\/http\/openapi\.ts$/ }, async ({ path }) => {
      const { openApiDocument } = await import(path)
      return {
        contents: `const made = ${JSON.stringify(openApiDocument())}; export const openApiDocument = () => made`,
      }
    })
  },
}

/** Puts the texts of the pages into a chunk that is loaded on demand, because a function has no folder of pages. */
const frozenConsole: Plugin = {
  name: 'frozen-console',
  setup({ onLoad }) {
    onLoad({ filter: /functions\/endpoints\/console-files\.ts$/ }, async () => ({
      contents: `const made = ${JSON.stringify(await consoleFiles())}; export const consoleFiles = async () => made`,
    }))
  },
}

/** The same for the files of the API reference. They are stored compressed, as nearly every client asks for them. */
const frozenReference: Plugin = {
  name: 'frozen-reference',
  setup({ onLoad }) {
    onLoad({ filter: /functions\/endpoints\/reference-files\.ts$/ }, async () => {
      const files = Object.entries(await referenceFiles())
      const made = files.map(([name, text]) => [name, gzipSync(text, { level: 9 }).toString('base64')])
      return {
        contents: `const made = ${JSON.stringify(made)}; export const referenceFiles = async () => new Map(made.map(([name, text]) => [name, Buffer.from(text, 'base64')]))`,
      }
    })
  },
}

/**
 * Gives each function the routes that it answers, because the table of all would be in every bundle. The function that answers unknown paths
 * has to know all.
 */
function ownRoutes(name: string): Plugin {
  return {
    name: 'own-routes',
    setup({ onLoad }) {
      onLoad({ filter: /functions\/served-routes\.ts$/ }, async () => {
        if (name === 'read') return undefined
        const own = servedRoutes.filter(({ handler }) => handler === name)
        return { contents: `export const servedRoutes = ${JSON.stringify(own)}` }
      })
    },
  }
}

/**
 * Bundles the verifier by itself, into a chunk that is loaded on demand. Otherwise code that it shares with a function (zod, the log's
 * formats) would be in a chunk that is loaded at every start, with the parts that only the verifier uses. The two exchange plain values only.
 */
const verifierApart: Plugin = {
  name: 'verifier-apart',
  setup({ onLoad }) {
    onLoad({ filter: /shared\/verify\/verify\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        ...forLambda,
        entryPoints: [path],
        write: false,
      })
      return { contents: outputFiles[0]?.text ?? '', loader: 'js' }
    })
  },
}

const forLambda = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

export interface Bundle {
  readonly name: string
  /** The folder that is deployed. */
  readonly folder: string
  readonly entryPoint: string
  readonly metafile: Metafile
}

/** All that the bundles are made of. npm writes the lockfile in `node_modules` with what it has installed, esbuild included. */
export const inputs = [
  ...['functions', 'shared', 'infra/bundle', 'infra/lambda-names.ts'],
  ...['package.json', 'tsconfig.json', 'node_modules/.package-lock.json'],
]

/**
 * Writes the bundles of all functions to `dist/lambda`, and their source maps to `dist/lambda-maps`. Where they are there, made of the same
 * inputs, it only reads the record of them, because making them takes 20 s of a core.
 */
export async function bundleLambdas(dist = join(root, 'dist')): Promise<readonly Bundle[]> {
  const metafiles = await keptBuild<readonly Metafile[]>({
    ...{ root, inputs, dist, outputs: ['lambda', 'lambda-maps'], record: 'lambda.json' },
    async make() {
      const built = await Promise.all(lambdaNames.map((name) => bundled(name, entryPointOf(name))))
      const code = Object.assign({}, ...built.map((each) => each.code))
      const maps = Object.assign({}, ...built.map((each) => each.maps))
      return { files: { lambda: code, 'lambda-maps': maps }, report: built.map(({ metafile }) => metafile) }
    },
  })
  return lambdaNames.flatMap((name, i) => {
    const metafile = metafiles[i]
    return metafile ? [{ name, folder: join(dist, 'lambda', name), entryPoint: entryPointOf(name), metafile }] : []
  })
}

function entryPointOf(name: LambdaName): string {
  return `functions/lambda/${name}.ts`
}

/** A bundle by itself, made anew. `entryPoint` is a path from the root. */
export async function bundle(dist: string, name: string, entryPoint: string): Promise<Bundle> {
  const { code, metafile } = await bundled(name, entryPoint)
  await replaceFiles(join(dist, 'lambda'), code)
  return { name, folder: join(dist, 'lambda', name), entryPoint, metafile }
}

/** The files of a bundle and their source maps, by `<name>/<file>`. */
async function bundled(
  name: string,
  entryPoint: string,
): Promise<{ readonly code: Files; readonly maps: Files; readonly metafile: Metafile }> {
  const folder = join(root, 'dist', 'lambda')
  const { outputFiles, metafile } = await build({
    ...forLambda,
    entryPoints: { index: entryPoint },
    outdir: join(folder, name),
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    splitting: true,
    sourcemap: 'external',
    metafile: true,
    write: false,
    plugins: [sdkDiet, barrelsPassedBy, ownRoutes(name), frozenDocument, frozenConsole, frozenReference, verifierApart],
  })
  const files = outputFiles.map(({ path, contents }) => [relative(folder, path), contents] as const)
  const isMap = ([path]: readonly [string, unknown]) => path.endsWith('.map')
  return {
    code: Object.fromEntries(files.filter((each) => !isMap(each))),
    maps: Object.fromEntries(files.filter(isMap)),
    metafile,
  }
}
