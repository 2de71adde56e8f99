/** The site's code for browsers: a few small files, bundled with the SDK and the verifier when the site starts. */
import { basename, join } from 'node:path'
import { build } from 'esbuild'

export async function bundleBrowserCode(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['browser/optional.ts', 'browser/account.ts', 'browser/site.css'],
    outdir: join(import.meta.dirname, 'out'),
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
  })
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
}
