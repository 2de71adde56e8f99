/**
 * Builds `consent-ledger/server`: `dist/server.mjs`, which imports nothing, so that it runs wherever there is `fetch`. Not minified:
 * it is to be read.
 */
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')

export async function bundleServerClient(dist = join(root, 'dist')): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['shared/server/server.ts'],
    outfile: join(dist, 'server.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  })
}
