/**
 * Builds the files of the API reference, `dist/reference`: Swagger UI with the ledger's own settings as one script, its style sheet, and the
 * licences of both. The page itself is made by the server (`functions/endpoints/reference.ts`).
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { clientBuild } from './package-code.ts'
import { replaceFiles } from './replace-files.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'functions', 'reference')
const swaggerUi = join(root, 'node_modules', 'swagger-ui-dist')

async function built(options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await build({ ...clientBuild, ...options, write: false })
  return outputFiles[0]?.text ?? ''
}

/** The texts of the files by name. */
export async function referenceFiles(): Promise<Readonly<Record<string, string>>> {
  const [script, styles, ...licences] = await Promise.all([
    built({ format: 'iife', platform: 'browser', entryPoints: [join(folder, 'reference.ts')] }),
    built({ entryPoints: [join(folder, 'reference.css')] }),
    ...['LICENSE', 'NOTICE', 'swagger-ui-es-bundle.js.LICENSE.txt'].map((name) =>
      readFile(join(swaggerUi, name), 'utf8'),
    ),
  ])
  return {
    'reference.js': script,
    'reference.css': styles,
    'licences.txt': licences.join(`\n${'-'.repeat(80)}\n\n`),
  }
}

export async function bundleReference(dist = join(root, 'dist')): Promise<void> {
  await replaceFiles(join(dist, 'reference'), await referenceFiles())
}
