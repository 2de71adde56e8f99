/**
 * Bundles the verifier so that it runs without the rest of the project, and without Node 24: `dist/consent-ledger.mjs`, the
 * command, which `npx consent-ledger` finds by the `bin` of package.json, and `dist/verify.mjs`, the library for browsers and
 * elsewhere. Not minified: whoever trusts it can read it.
 */
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')

const common: BuildOptions = {
  bundle: true,
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
}

export async function bundleVerifier(dist = join(root, 'dist')): Promise<void> {
  const command = join(dist, 'consent-ledger.mjs')
  await build({
    ...common,
    entryPoints: ['infra/command/main.ts'],
    outfile: command,
    platform: 'node',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
  })
  await build({
    ...common,
    entryPoints: ['shared/verify/verify.ts'],
    outfile: join(dist, 'verify.mjs'),
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['default'],
    target: 'es2022',
  })
  await chmod(command, 0o755)
}
