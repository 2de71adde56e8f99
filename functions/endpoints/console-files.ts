/**
 * Reads the built files that are served below `/console`: those in `dist/console`. In a Lambda bundle this module is replaced by one
 * that contains the files (`infra/bundle/lambda-bundles.ts`).
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LedgerError } from '../../shared/errors.ts'

const folder = join(import.meta.dirname, '..', '..', 'dist', 'console')

/** The files' texts by file name. */
export async function consoleFiles(): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new LedgerError('not-found', 'the pages were not built; run npm run build', {}, cause)
  })
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}
