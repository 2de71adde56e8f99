/**
 * Builds `consent-ledger/server`: `dist/server.mjs`, which imports nothing, so that it runs wherever there is `fetch`; and its types in
 * `dist/types`, where the schemas' are that they are made of. Not minified: it is to be read.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
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
  const config = join(import.meta.dirname, 'server-client.tsconfig.json')
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  await promisify(execFile)(tsc, ['-p', config, '--outDir', join(dist, 'types')], { cwd: root })
}
