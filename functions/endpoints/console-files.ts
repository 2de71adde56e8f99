/**
 * What is served below `/console`, as it was built: `dist/console`, read once. A Lambda function has no folder to read: its bundle has
 * the files in this module's place (`infra/bundle/lambda-bundles.ts`).
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LedgerError } from '../../shared/errors.ts'

const folder = join(import.meta.dirname, '..', '..', 'dist', 'console')

/** The texts by name. */
export async function consoleFiles(): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new LedgerError('not-found', 'the console was not built; npm run build does it', {}, cause)
  })
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}
