/**
 * The Python programs that check templates and API and stand in for AWS: `cfn-lint`, `moto`, `schemathesis`, at the versions in
 * `requirements.txt`. They are installed into a cache folder of the user, named after those versions, and used from there afterwards.
 * `uv` does the installing, because it fetches in parallel: seconds where `pip` takes minutes.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const requirements = join(import.meta.dirname, 'requirements.txt')
const installer = 'uv==0.13.8'

export type Installed =
  /** Holds the programs by name. */
  | { readonly folder: string; readonly missing?: undefined }
  /** A sentence that says what is not there. */
  | { readonly folder?: undefined; readonly missing: string }

export async function installTools(): Promise<Installed> {
  const { stdout: version } = await run('python3', ['--version']).catch(() => ({ stdout: '' }))
  if (version === '') return { missing: 'there is no python3' }
  if (!(await hasVenv())) return { missing: 'python3 has no venv (on Debian: the package python3-venv)' }
  const folder = join(caches(), 'consent-ledger-tools', named(version + installer + readFileSync(requirements, 'utf8')))
  const bin = join(folder, 'bin')
  // Written last: an installation that was interrupted is made anew.
  const whole = join(folder, 'complete')
  if (existsSync(whole)) return { folder: bin }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await run('python3', ['-m', 'venv', folder])
  await run(join(bin, 'pip'), ['install', '--quiet', '--no-compile', '--disable-pip-version-check', installer])
  await run(join(bin, 'uv'), ['pip', 'install', '--quiet', '--python', join(bin, 'python'), '-r', requirements])
  await writeFile(whole, '')
  return { folder: bin }
}

async function hasVenv(): Promise<boolean> {
  return run('python3', ['-c', 'import ensurepip, venv']).then(
    () => true,
    () => false,
  )
}

function caches(): string {
  const { XDG_CACHE_HOME: given = '' } = process.env
  return isAbsolute(given) ? given : join(homedir(), '.cache')
}

const named = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16)
