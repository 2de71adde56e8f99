/**
 * Builds `consent-ledger/cdk`: `dist/cdk.mjs`, which leaves `aws-cdk-lib` and `constructs` to the app that uses it, since a CDK app has
 * one of each; and its types in `dist/types`.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')

export async function bundleConstruct(dist = join(root, 'dist')): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['infra/cdk.ts'],
    outfile: join(dist, 'cdk.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['aws-cdk-lib', 'constructs'],
    legalComments: 'none',
    logLevel: 'warning',
  })
  const config = join(import.meta.dirname, 'construct.tsconfig.json')
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  await promisify(execFile)(tsc, ['-p', config, '--outDir', join(dist, 'types')], { cwd: root })
}
