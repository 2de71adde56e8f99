/**
 * Programs of filippo.io/torchwood: `litewitness`, a witness that others run (https://c2sp.org/tlog-witness), and `witnessctl`, which tells it
 * of logs. They are compiled into a cache folder of the user, named after their version, and used from there afterwards.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** The last that Go 1.26 compiles. */
const version = 'v0.6.1'
const programs = ['litewitness', 'witnessctl'] as const

export type Installed =
  /** Holds the programs by name. */
  | { readonly folder: string; readonly missing?: undefined }
  /** A sentence that says what is not there. */
  | { readonly folder?: undefined; readonly missing: string }

export async function installTools(): Promise<Installed> {
  for (const [name, words] of [
    ['go', ['version']],
    ['ssh-agent', ['-h']],
  ] as const)
    if (!(await isThere(name, words))) return { missing: `there is no ${name}` }
  const folder = join(caches(), 'consent-ledger-tools', `torchwood-${version}`)
  if (programs.every((name) => existsSync(join(folder, name)))) return { folder }
  await mkdir(folder, { recursive: true })
  const packages = programs.map((name) => `filippo.io/torchwood/cmd/${name}@${version}`)
  await run('go', ['install', ...packages], { env: { ...process.env, GOBIN: folder } })
  return { folder }
}

async function isThere(name: string, words: readonly string[]): Promise<boolean> {
  return run(name, words).then(
    () => true,
    // It is there and says that it has no such option.
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
}

function caches(): string {
  const { XDG_CACHE_HOME: given = '' } = process.env
  return isAbsolute(given) ? given : join(homedir(), '.cache')
}
