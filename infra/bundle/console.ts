/**
 * Builds what the ledger serves below `/console`: the banner, the preference centre and the SDK, each a single file without imports, so
 * that a page loads one file. Two modules are loaded on demand: the tab with the person's own data, when it is opened, and what renders a policy's
 * text, when one is opened. `licences.txt` has the licences of the packages in all of them.
 * The console itself is in `console-app.ts`. The local server reads the files from `dist/console`; a Lambda function has
 * them in its bundle.
 */
import { join } from 'node:path'
import { build } from 'esbuild'
import { consoleAppFiles } from './console-app.ts'
import { clientBuild } from './package-code.ts'
import { licencesOf } from './package-licences.ts'
import { replaceFiles } from './replace-files.ts'
import { styleSheet, styleTexts } from './style-texts.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'functions', 'pages')

/** The texts of the files by name. */
export async function consoleFiles(): Promise<Readonly<Record<string, string>>> {
  const [single, modules, app, publicStyles] = await Promise.all([
    build({
      ...clientBuild,
      format: 'iife',
      entryPoints: {
        banner: join(folder, 'banner', 'banner.ts'),
        preferences: join(folder, 'preferences', 'preferences.ts'),
        client: join(root, 'shared', 'client', 'script.ts'),
      },
      outdir: 'out',
      plugins: [styleTexts],
      metafile: true,
      write: false,
    }),
    // Modules, because they are imported when they are needed.
    build({
      ...clientBuild,
      format: 'esm',
      entryPoints: {
        record: join(folder, 'record', 'record-panel.ts'),
        markdown: join(root, 'functions', 'markdown', 'policy-text-elements.ts'),
      },
      outdir: 'out',
      plugins: [styleTexts],
      metafile: true,
      write: false,
    }),
    consoleAppFiles(),
    styleSheet(join(root, 'functions', 'public', 'styles', 'public.css')),
  ])
  const scripts = [...single.outputFiles, ...modules.outputFiles].map(({ path, text }) => [
    path.split(/[\\/]/).at(-1) ?? '',
    text,
  ])
  return {
    ...app.files,
    ...Object.fromEntries(scripts),
    'public.css': publicStyles,
    'licences.txt': await licencesOf([single.metafile, modules.metafile, app.metafile]),
  }
}

export async function bundleConsole(dist = join(root, 'dist')): Promise<void> {
  await replaceFiles(join(dist, 'console'), await consoleFiles())
}
