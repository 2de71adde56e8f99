/**
 * Builds `consent-ledger/client`: `dist/client/*.mjs`, one file for each export, and `dist/client/consent-ledger.js`, one file for a
 * script tag. Each is whole in itself: a page loads one, and nothing else.
 */
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { adapters } from './packages.ts'

const root = join(import.meta.dirname, '..', '..')

/** Browsers of the last four years. */
export const clientBuild: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'neutral',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
}

export async function bundleClient(dist = join(root, 'dist')): Promise<void> {
  await Promise.all([
    build({
      ...clientBuild,
      format: 'esm',
      entryPoints: [
        { in: 'shared/client/client.ts', out: 'client' },
        { in: 'shared/client/promise.ts', out: 'promise' },
        ...adapters.map((name) => ({ in: `shared/client/adapters/${name}.ts`, out: name })),
      ],
      outdir: join(dist, 'client'),
      outExtension: { '.js': '.mjs' },
      external: ['react'],
    }),
    build({
      ...clientBuild,
      format: 'iife',
      entryPoints: ['shared/client/script.ts'],
      outfile: join(dist, 'client', 'consent-ledger.js'),
    }),
  ])
}
