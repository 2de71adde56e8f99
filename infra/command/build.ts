/**
 * Bundles the verifier so that it runs without the rest of the project, and without Node 24: `dist/consent-ledger.mjs`, the
 * command, and `dist/verify.mjs`, the library for browsers and elsewhere. Not minified: whoever trusts it can read it.
 */
import { chmod, mkdir, rm, symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type BuildOptions, build } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const command = join(root, 'dist/consent-ledger.mjs')

const common: BuildOptions = {
  bundle: true,
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
}

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
  outfile: join(root, 'dist/verify.mjs'),
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['default'],
  target: 'es2022',
})
await chmod(command, 0o755)

// npm links the commands of packages that it installs, not of the one it installs for.
const bin = join(root, 'node_modules/.bin')
await mkdir(bin, { recursive: true })
await rm(join(bin, 'consent-ledger'), { force: true })
await symlink(relative(bin, command), join(bin, 'consent-ledger'))
