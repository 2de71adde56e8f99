/**
 * Bundles the code of a package: one file for each entry point and command, which imports nothing but the package's peers. Only the
 * browser client is minified; the other code is meant to be read by those who rely on it.
 */
import { chmod } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { type Package, type PackageFolder, packages } from './packages.ts'

const root = join(import.meta.dirname, '..', '..')

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

/** Browsers of the last four years. */
export const clientBuild = {
  ...common,
  format: undefined,
  minify: true,
  platform: 'neutral',
  target: 'es2022',
} as const satisfies BuildOptions

/** Uses only functions of the web platform. The condition `default` selects the SHA-256 that needs no Node. */
const anyRuntime: BuildOptions = {
  platform: 'neutral',
  target: 'es2022',
  mainFields: ['module', 'main'],
  conditions: ['default'],
}
const options: Record<PackageFolder, BuildOptions> = {
  client: { ...clientBuild, format: 'esm' },
  server: anyRuntime,
  verify: anyRuntime,
  cdk: { platform: 'node', target: 'node22' },
}

/** File of an entry point or a command in its package. */
export function codeFileOf(source: string): string {
  return `${basename(source, '.ts')}.mjs`
}

/** Writes the code of a package to `folder`. Returns esbuild's list of the files in it. */
export async function bundlePackage(name: PackageFolder, folder: string): Promise<readonly Metafile[]> {
  const { entryPoints, commands = {}, peers = {} }: Package = packages[name]
  const shared = {
    ...{ ...common, ...options[name] },
    external: Object.keys(peers),
    metafile: true,
  } as const
  const [modules, ...others] = await Promise.all([
    build({
      ...shared,
      entryPoints: Object.values(entryPoints),
      outdir: folder,
      entryNames: '[name]',
      outExtension: { '.js': '.mjs' },
    }),
    ...Object.entries(commands).map(async ([command, source]) => {
      const outfile = join(folder, `${command}.mjs`)
      const shebang = { js: '#!/usr/bin/env node' }
      const built = await build({
        ...common,
        entryPoints: [source],
        outfile,
        platform: 'node',
        target: 'node20',
        banner: shebang,
        metafile: true,
      })
      await chmod(outfile, 0o755)
      return built
    }),
    ...(name === 'client' ? [bundleClientScript(folder)] : []),
  ])
  return [modules, ...others].map(({ metafile }) => metafile)
}

/** The browser client for a script tag: one file, which defines `consentLedger`. */
function bundleClientScript(folder: string) {
  const outfile = join(folder, 'consent-ledger.js')
  return build({ ...clientBuild, format: 'iife', entryPoints: ['shared/client/script.ts'], outfile, metafile: true })
}
