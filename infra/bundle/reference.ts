/**
 * Builds the files of the API reference, `dist/reference`: Swagger UI with the ledger's own settings as one script, its style sheet, and the
 * licences of what is in them. The page itself is made by the server (`functions/endpoints/reference.ts`).
 */
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { clientBuild } from './package-code.ts'
import { licencesOf } from './package-licences.ts'
import { replaceFiles } from './replace-files.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'functions', 'reference')

async function built(options: BuildOptions) {
  const { outputFiles, metafile } = await build({ ...clientBuild, ...options, metafile: true, write: false })
  return { text: outputFiles[0]?.text ?? '', metafile }
}

/** The texts of the files by name. */
export async function referenceFiles(): Promise<Readonly<Record<string, string>>> {
  const [script, styles] = await Promise.all([
    built({ format: 'iife', platform: 'browser', entryPoints: [join(folder, 'reference.ts')] }),
    built({ entryPoints: [join(folder, 'reference.css')] }),
  ])
  return {
    'reference.js': script.text,
    'reference.css': styles.text,
    'licences.txt': await licencesOf([script.metafile, styles.metafile]),
  }
}

export async function bundleReference(dist = join(root, 'dist')): Promise<void> {
  await replaceFiles(join(dist, 'reference'), await referenceFiles())
}
