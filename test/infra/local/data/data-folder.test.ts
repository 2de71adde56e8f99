/** One process at a time has a data folder, and no other user gets into it. */
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataFolder } from '../../../../infra/local/data/data-folder.ts'
import { openStoppedLedger } from '../../../../infra/local/fsck/stopped-ledger.ts'
import { openLocalLedger } from '../../../../infra/local/local-ledger.ts'
import { eventually } from '../../../support/eventually.ts'
import { type StartedProgram, startProgram } from '../../../support/started-program.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const held = /another process has the data folder .*; stop that first, or choose another folder with --data/

/** A process that takes the lock at an instant that all agree on, and says whether it has it. */
function contender(path: string, atMs: number): StartedProgram {
  const module = JSON.stringify(join(import.meta.dirname, '../../../../infra/local/data/data-folder.ts'))
  const code = `const { lockDataFolder } = await import(${module})
    await new Promise((woken) => setTimeout(woken, Math.max(0, ${atMs} - 20 - Date.now())))
    while (Date.now() < ${atMs});
    await lockDataFolder(${JSON.stringify(path)}).then(() => console.log('has it'), (error) => console.log(error.message))
    setInterval(() => {}, 1000)`
  return startProgram([process.execPath, '--input-type=module', '-e', code])
}

describe('the lock of a data folder', () => {
  it('is given to one of two simultaneous requests, twenty times', async () => {
    const contend = async (path: string, atMs: number) => {
      const both = [0, 1].map(() => contender(path, atMs))
      const said = await Promise.all(both.map((each) => each.printed(/^.+\n/)))
      expect(said.map(([line]) => (line === 'has it\n' ? 'has it' : held.test(line))).sort()).toEqual(['has it', true])
      for (const { child } of both) child.kill('SIGKILL')
      await Promise.all(both.map(({ ended }) => ended))
      // Both are gone without a word, and nothing of them stands in the way.
      await (await lockDataFolder(path)).release()
    }
    // A loser waits for seconds before it gives up, so ten pairs contend beside each other, each at an instant of its own.
    for (const half of ['a', 'b']) {
      const startedMs = Date.now() + 3_000
      const pairs = Array.from({ length: 10 }, (_, n) => contend(join(folder, `${half}${n}`), startedMs + n * 100))
      await Promise.all(pairs)
    }
  })

  it('does not count when its process is a zombie', async () => {
    // `sleep` never reaps the process that it replaced the shell of.
    const inner = `const { lockDataFolder } = await import(${JSON.stringify(join(import.meta.dirname, '../../../../infra/local/data/data-folder.ts'))})
      await lockDataFolder(${JSON.stringify(folder)}); console.log('pid ' + process.pid + '.'); setInterval(() => {}, 1000)`
    const parent = startProgram([
      'sh',
      '-c',
      '"$0" --input-type=module -e "$1" & exec sleep 60',
      process.execPath,
      inner,
    ])
    try {
      const pid = Number((await parent.printed(/pid (\d+)\./))[1])
      await expect(lockDataFolder(folder)).rejects.toThrow(held)
      process.kill(pid, 'SIGKILL')
      await eventually(async () => expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /))
      // Its first thread may be a zombie before the last one has closed its files.
      await eventually(async () => (await lockDataFolder(folder)).release())
      expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /)
    } finally {
      parent.child.kill('SIGKILL')
    }
  })

  it('survives another attempt of the same process, and ignores the file of an older version', async () => {
    const first = await lockDataFolder(folder)
    await writeFile(join(folder, 'lock'), '1')
    await expect(lockDataFolder(folder)).rejects.toThrow(held)
    const other = contender(folder, 0)
    expect((await other.printed(/^.+\n/))[0]).toMatch(held)
    other.child.kill('SIGKILL')
    await first.release()
    await (await lockDataFolder(folder)).release()
  })

  it('is taken by everything that opens a ledger, before it opens the announced keys', async () => {
    const local = await openLocalLedger({ dataFolder: folder })
    const bell = await readdir(join(folder, 'doorbell'))
    await expect(openLocalLedger({ dataFolder: folder })).rejects.toThrow(held)
    await expect(openStoppedLedger(folder, Date.now)).rejects.toThrow(held)
    expect(await readdir(join(folder, 'doorbell'))).toEqual(bell)
    await local.close()
    await (await openStoppedLedger(folder, Date.now)).close()
  })
})

describe('a data folder', () => {
  const open = (path: string) => {
    const said: string[] = []
    return lockDataFolder(path, (sentence) => said.push(sentence)).then(async (data) => {
      await data.release()
      return said
    })
  }

  it('that others could open is closed with a sentence, and without one the next time', async () => {
    await chmod(folder, 0o755)
    await writeFile(join(folder, 'ledger.db'), '')
    await mkdir(join(folder, 'keys'))
    await chmod(join(folder, 'keys'), 0o777)
    await chmod(join(folder, 'ledger.db'), 0o644)
    expect(await open(folder)).toEqual([`${folder} was open to other users of this machine; it is private now.`])
    expect(await open(folder)).toEqual([])
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'ledger.db'))).mode & 0o777).toBe(0o600)
  })

  it.each<[string, (path: string) => Promise<unknown>, RegExp]>([
    ['a file', (path) => writeFile(path, ''), /data is a file, where a folder should be/],
    ['a link', (path) => symlink(folder, path), /data is a symbolic link; name what it points to instead/],
    ['below a file', (path) => writeFile(path, ''), /the folder .*data\/deep cannot be made: ENOTDIR/],
    [
      'with a folder in the place of a database',
      (path) => mkdir(join(path, 'vault.db'), { recursive: true }),
      /data\/vault.db is a folder, where a file should be/,
    ],
    [
      'with a link in the place of the keys',
      (path) => mkdir(path).then(() => symlink(folder, join(path, 'keys'))),
      /data\/keys is a symbolic link/,
    ],
    [
      'whose doorbell is a file',
      (path) => mkdir(path).then(() => writeFile(join(path, 'doorbell'), '')),
      /data\/doorbell is a file, where a folder should be/,
    ],
  ])('that is %s is refused, and the sentence names it', async (name, make, sentence) => {
    const path = join(folder, 'data')
    await make(path)
    await expect(open(name === 'below a file' ? join(path, 'deep') : path)).rejects.toThrow(sentence)
  })

  it.runIf(process.getuid?.() === 0)('of another user is refused', async () => {
    await chown(folder, 12_345, 12_345)
    await expect(open(folder)).rejects.toThrow(
      /belongs to user 12345 and this is user 0: run as its owner, or chown it/,
    )
  })

  it.each(['000', '022', '077'])('is private throughout with umask %s', async (umask) => {
    const path = join(folder, 'deep', 'ledger')
    const server = startProgram([process.execPath, 'infra/start.mjs', '--port', '0', '--data', path], { umask })
    await server.printed(/Ctrl-C stops it/)
    const found = [path, ...(await readdir(path, { recursive: true })).map((name) => join(path, name))]
    const open: string[] = []
    for (const each of found) {
      const { mode } = await lstat(each)
      if ((mode & 0o077) !== 0) open.push(`${(mode & 0o777).toString(8)} ${each}`)
    }
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(open).toEqual([])
    expect(found.length).toBeGreaterThan(20)
  })
})
