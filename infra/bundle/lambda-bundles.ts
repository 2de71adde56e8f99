/**
 * Bundles the Lambda functions: for each file of `functions/lambda` a folder `dist/lambda/<name>` with `index.mjs`, ESM for Node 24 that
 * includes the SDK. Code that a function seldom needs is in chunks beside it, which are loaded when they are needed.
 *
 * The SDK is most of a bundle; `sdk-diet.ts` leaves out what is not needed on Lambda. Source maps go to `dist/lambda-maps`, because a
 * function with its maps in the bundle would start later.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import { servedRoutes } from '../../functions/served-routes.ts'
import { lambdaNames } from '../lambda-names.ts'
import { barrelsPassedBy } from './barrels.ts'
import { consoleFiles } from './console.ts'
import { referenceFiles } from './reference.ts'
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

/** Writes the bundles of all functions to `dist/lambda`, and their source maps to `dist/lambda-maps`. */
export async function bundleLambdas(dist = join(root, 'dist')): Promise<readonly Bundle[]> {
  await Promise.all(['lambda', 'lambda-maps'].map((each) => rm(join(dist, each), { recursive: true, force: true })))
  return Promise.all(lambdaNames.map((name) => bundle(dist, name, `functions/lambda/${name}.ts`)))
}

/** `entryPoint` is a path from the root. */
export async function bundle(dist: string, name: string, entryPoint: string): Promise<Bundle> {
  const folder = join(dist, 'lambda', name)
  const { outputFiles = [], metafile } = await build({
    ...forLambda,
    entryPoints: { index: entryPoint },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    splitting: true,
    sourcemap: 'external',
    metafile: true,
    write: false,
    plugins: [sdkDiet, barrelsPassedBy, ownRoutes(name), frozenDocument, frozenConsole, frozenReference, verifierApart],
  })
  const maps = join(dist, 'lambda-maps', name)
  await Promise.all([folder, maps].map((each) => mkdir(each, { recursive: true })))
  await Promise.all(
    outputFiles.map(({ path, contents }) =>
      writeFile(path.endsWith('.map') ? join(maps, path.slice(folder.length)) : path, contents),
    ),
  )
  return { name, folder, entryPoint, metafile }
}
