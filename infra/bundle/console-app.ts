/**
 * Builds the console, `/console/`: ES modules in chunks that pages load when they are opened, and style sheets. Every file is flat and has a
 * hash of its content in its name, so that a browser may keep it for a year; `index.html` names the files that it loads at once.
 */
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { clientBuild } from './package-code.ts'
import { styleTexts } from './style-texts.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'functions', 'console')
const entryPoint = 'functions/console/console.tsx'

/** Its build for browsers would parse HTML to know an entity such as `&nbsp;`, which Trusted Types forbid. This one has a table. */
const withoutHtml = join(root, 'node_modules', 'decode-named-character-reference', 'index.js')

/** The texts of the files by name, and what is in them. */
export async function consoleAppFiles(): Promise<{
  readonly files: Readonly<Record<string, string>>
  readonly metafile: Metafile
}> {
  const [{ outputFiles, metafile }, page, icon] = await Promise.all([
    build({
      ...clientBuild,
      format: 'esm',
      platform: 'browser',
      alias: { 'decode-named-character-reference': withoutHtml },
      jsx: 'automatic',
      jsxImportSource: 'preact',
      splitting: true,
      // A preview shows the banner with its own styles.
      plugins: [styleTexts],
      entryPoints: { console: entryPoint },
      entryNames: '[name]-[hash]',
      chunkNames: 'chunk-[hash]',
      outdir: 'out',
      metafile: true,
      write: false,
    }),
    readFile(join(folder, 'index.html'), 'utf8'),
    readFile(join(root, 'functions', 'design', 'icon.svg'), 'utf8'),
  ])
  const files = outputFiles.map(({ path, text }) => [basename(path), text])
  return { files: { ...Object.fromEntries(files), 'index.html': linked(page, metafile), 'icon.svg': icon }, metafile }
}

const scriptTag = '<script type="module" src="console.js"></script>'
const styleTag = '<link rel="stylesheet" href="console.css">'

/**
 * The page with the names of the built files in the place of `console.js` and `console.css`. Chunks that the script imports at once are
 * preloaded, or the browser would find them one after another. Style sheets of pages that are loaded later are linked, too, because a script
 * that is loaded later does not load its style sheet.
 */
function linked(page: string, { outputs }: Metafile): string {
  const [entry] = Object.keys(outputs).filter(
    (path) => outputs[path]?.entryPoint === entryPoint && path.endsWith('.js'),
  )
  if (entry === undefined) throw new Error(`${entryPoint} was not built`)
  for (const tag of [scriptTag, styleTag]) if (!page.includes(tag)) throw new Error(`index.html has no ${tag}`)
  const styles = Object.keys(outputs).filter((path) => path.endsWith('.css'))
  const scripts = [
    `<script type="module" src="${basename(entry)}"></script>`,
    ...[...importedAtOnce(entry, outputs)].map((path) => `<link rel="modulepreload" href="${basename(path)}">`),
  ]
  return page
    .replace(styleTag, styles.map((path) => `<link rel="stylesheet" href="${basename(path)}">`).join('\n    '))
    .replace(scriptTag, scripts.join('\n    '))
}

/** The chunks that a script imports by statement, and those that they import. */
function importedAtOnce(script: string, outputs: Metafile['outputs'], found = new Set<string>()): ReadonlySet<string> {
  for (const { path, kind } of outputs[script]?.imports ?? [])
    if (kind === 'import-statement' && !found.has(path)) {
      found.add(path)
      importedAtOnce(path, outputs, found)
    }
  return found
}
