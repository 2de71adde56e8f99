/** The types of what other people import: `dist/types`, laid out as the sources are. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')

export async function emitTypes(dist = join(root, 'dist')): Promise<void> {
  const config = join(import.meta.dirname, 'types.tsconfig.json')
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  await promisify(execFile)(tsc, ['-p', config, '--outDir', join(dist, 'types')], { cwd: root })
}
