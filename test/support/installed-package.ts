/** Packages of `dist/packages` as their users have them: packed by npm, and installed by npm into an empty folder. */
import { execFile } from 'node:child_process'
import { mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PackageFolder } from '../../infra/bundle/packages.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** The folder, which the caller removes. It holds the packed files too. */
export async function installPackages(...names: readonly PackageFolder[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'consent-package-'))
  await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}')
  const files = await Promise.all(
    names.map(async (name) => {
      const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
        cwd: join(root, 'dist/packages', name),
      })
      const [packed] = Object.values(JSON.parse(stdout)) as [{ filename: string }]
      return join(folder, packed.filename)
    }),
  )
  // The registry is not asked: peers are linked where a test needs them.
  const options = ['--offline', '--legacy-peer-deps', '--no-audit', '--no-fund']
  await run('npm', ['install', ...options, ...files], { cwd: folder })
  return folder
}

/** Puts packages that the repository has beside the installed ones. */
export async function linkModules(folder: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
}
