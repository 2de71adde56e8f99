/**
 * Builds `consent-ledger/cdk`: `dist/cdk.mjs`, which leaves `aws-cdk-lib` and `constructs` to the app that uses it, since a CDK app has
 * one of each.
 */
import { join } from 'node:path'
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
}
