/** Compiled code is kept where this user alone can put something to be run, or not at all. */
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startProgram } from '../../../support/started-program.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'home-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const ours = () => join(home, '.cache', 'consent-ledger', 'compiled')

/** The folder that a program of this user's would use, in a process of its own: a cache is enabled once for a process. */
async function used(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const module = JSON.stringify(join(import.meta.dirname, '../../../../infra/local/data/compile-cache.ts'))
  const code = `const { keepCompiledCode } = await import(${module})
    const { getCompileCacheDir } = await import('node:module')
    const folder = keepCompiledCode()
    console.log(folder === undefined ? 'none' : getCompileCacheDir().startsWith(folder) ? folder : 'another')`
  const isolated = { HOME: home, XDG_CACHE_HOME: '', NODE_COMPILE_CACHE: undefined, TMPDIR: join(home, 'tmp'), ...env }
  const program = startProgram([process.execPath, '--input-type=module', '-e', code], { umask: '000', env: isolated })
  expect(await program.ended).toBe(0)
  return program.output().trim()
}

it('is in the user’s own cache, private whatever the umask', async () => {
  expect(await used()).toBe(ours())
  for (const folder of [ours(), join(ours(), '..')]) expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await used({ XDG_CACHE_HOME: join(home, 'xdg') })).toBe(join(home, 'xdg', 'consent-ledger', 'compiled'))
  expect(await used({ XDG_CACHE_HOME: 'relative' })).toBe(ours())
})

it.each<[string, () => Promise<unknown>]>([
  ['anyone may write above it', () => mkdir(join(home, '.cache')).then(() => chmod(join(home, '.cache'), 0o777))],
  [
    'a link stands in its place',
    () => mkdir(join(ours(), '..'), { recursive: true }).then(() => symlink(home, ours())),
  ],
  ['there is no home', () => rm(home, { recursive: true }).then(() => symlink('/dev/null', home))],
  [
    'another user made it first',
    () =>
      mkdir(ours(), { recursive: true }).then(() =>
        process.getuid?.() === 0 ? chown(ours(), 12_345, 12_345) : chmod(home, 0o777),
      ),
  ],
])('is kept nowhere when %s', async (_name, make) => {
  await make()
  expect(await used()).toBe('none')
})

it('is not in the shared temporary folder, whatever another user created there', async () => {
  const shared = join(home, 'tmp')
  await mkdir(shared)
  const program = startProgram([process.execPath, 'infra/start.mjs', '--help'], {
    env: { HOME: home, XDG_CACHE_HOME: '', TMPDIR: shared, NODE_COMPILE_CACHE: undefined },
  })
  expect(await program.ended).toBe(0)
  expect(await readdir(shared)).toEqual([])
  expect(await readdir(ours())).not.toEqual([])
})
