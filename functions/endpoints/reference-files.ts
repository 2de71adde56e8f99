/**
 * Reads the files of the API reference from `dist/reference`, compressed. In a Lambda bundle this module is replaced by one that contains them
 * (`infra/bundle/lambda-bundles.ts`).
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { LedgerError } from '../../shared/errors.ts'

const folder = join(import.meta.dirname, '..', '..', 'dist', 'reference')

/** The files by name, each in gzip. */
export async function referenceFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new LedgerError('not-found', 'the reference was not built; run npm run build', {}, cause)
  })
  const files = names.map(async (name) => [name, gzipSync(await readFile(join(folder, name)))] as const)
  return new Map(await Promise.all(files))
}
