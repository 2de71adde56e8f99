/** Copies that are served, compared, and made by processes that are killed. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { directoryLog } from '../../../infra/command/directory-log.ts'
import { mirrorLog } from '../../../infra/command/mirror/mirror-log.ts'
import { type ServeOptions, serveCopies } from '../../../infra/command/mirror/serve-copies.ts'
import { checkLog } from '../../../shared/verify/log-check.ts'
import { policyTextOfKeys } from '../../../shared/verify/policy-of-keys.ts'
import { parsePolicy } from '../../../shared/verify/verify.ts'
import { entry, type Files, logFiles } from '../../shared/verify/log-files.ts'
import { logVkey, ownVkey } from '../../shared/verify/maker.ts'
import { startProgram } from '../../support/started-program.ts'
import { call } from './called-command.ts'
import { type ServedLog, serveLog, token } from './served-log.ts'

const keys = ['--key', logVkey, '--key', ownVkey]
const policyText = policyTextOfKeys([logVkey, ownVkey])
const env = { CONSENT_LEDGER_TOKEN: token }
const log = logFiles(1300, [0, 10, 256, 700])
const later = logFiles(1500, [0, 10, 256, 700, 1300])
/** The same log up to leaf 600, signed by the same keys. */
const fork = logFiles(900, [], (i) => entry(i, i < 600 ? '' : 'x'))

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirror-served-'))
})
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

let folders = 0
const newFolder = () => join(root, String(folders++))
const copyIn = (folder: string) => join(folder, 'log/acme')
const check = async (folder: string) => checkLog(await directoryLog(copyIn(folder)), parsePolicy(policyText))

async function serving(files: Files): Promise<ServedLog> {
  const served = await serveLog(files)
  closing.push(served.close)
  return served
}

const mirror = (base: string, folder: string) =>
  mirrorLog({ address: `${base}/`, path: 'log/acme' }, folder, { token, policyText, pauseMs: 1 })

async function copyOf(files: Files): Promise<string> {
  const folder = newFolder()
  await mirror((await serving(files)).base, folder)
  return folder
}

async function servedCopy(folder: string, entriesFor: ServeOptions['entriesFor'] = 'this-machine'): Promise<string> {
  const served = await serveCopies(folder, { host: 'localhost', port: 0, entriesFor })
  closing.push(served.close)
  return served.url
}

describe('a copy that is served', () => {
  it('is checked, and mirrored by another mirror, as the ledger is', async () => {
    const first = await copyOf(log)
    const url = await servedCopy(first)
    expect(await call(['log', 'check', `${url}/log/acme`, ...keys])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('5 compared'),
    })
    const second = newFolder()
    // The address of all that is served: its front page names the controller. The keys are those that the first mirror had.
    const { exit, out } = await call(['mirror', url, second])
    expect({ exit, out }).toEqual({
      exit: 0,
      out: expect.stringMatching(/trusted from now on.*\n.*13 files and 5 checkpoints/),
    })
    for (const path of ['checkpoint', 'policy', 'tile/entries/005.p/20'])
      expect(await readFile(join(copyIn(second), path))).toEqual(await readFile(join(copyIn(first), path)))
    expect((await call(['log', 'check', first, ...keys, '--against', `${url}/log/acme`])).out).toContain('AGREES')
  })

  it('follows the copy, and answers narrower partial tiles from wider ones', async () => {
    const source = await serving(log)
    const folder = newFolder()
    await mirror(source.base, folder)
    const url = await servedCopy(folder)
    source.log = later
    await mirror(source.base, folder)
    expect(await (await fetch(`${url}/log/acme/checkpoint`)).text()).toContain('\n1500\n')
    for (const path of ['tile/0/005.p/20', 'tile/entries/005.p/20', 'tile/1/000.p/5', 'tile/0/004'])
      expect([path, Buffer.from(await (await fetch(`${url}/log/acme/${path}`)).arrayBuffer())]).toEqual([
        path,
        Buffer.from(log.files.get(path) ?? []),
      ])
  })

  it('keeps entry bundles to itself where it is told to', async () => {
    const url = await servedCopy(await copyOf(log), 'nobody')
    expect(await call(['log', 'check', `${url}/log/acme`, ...keys])).toMatchObject({ exit: 2 })
    expect((await call(['log', 'check', `${url}/log/acme`, ...keys, '--tiles-only'])).exit).toBe(0)
  })

  it('answers nothing else, whatever is asked', async () => {
    const url = await servedCopy(await copyOf(log))
    const status = (path: string, method = 'GET', headers = {}) =>
      new Promise<number>((resolve, reject) => {
        // As it stands: fetch would resolve the dots.
        const { hostname, port } = new URL(url)
        request({ hostname, port, path, method, headers }, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
          .on('error', reject)
          .end()
      })
    for (const path of [
      ...['/log/acme/copy.json', '/log/acme/../acme/checkpoint', '/log/../../etc/passwd', '/log/%2e%2e/checkpoint'],
      ...[
        '/log/acme/.unfinished/checkpoint',
        '/log/acme/tile/0/000.p/256',
        '/log/acme/tile/0/0',
        '/log/other/checkpoint',
      ],
      ...['/log/acme/tile/0/999', '/log/acme/tile/entries/../../checkpoint', '/log/acme', '//'],
    ])
      expect([path, await status(path)]).toEqual([path, 404])
    expect(await status('/log/acme/checkpoints?after=x')).toBe(400)
    expect(await status('/log/acme/checkpoint', 'POST')).toBe(405)
    expect(await status('/log/acme/checkpoint', 'HEAD')).toBe(200)
    // A page that gave its own name this machine's address.
    const host = { host: 'page.example' }
    expect(await status('/log/acme/tile/entries/000', 'GET', host)).toBe(403)
    expect(await status('/log/acme/tile/0/000', 'GET', host)).toBe(200)
  })
})

describe('two copies of a log that was forked', () => {
  it('show it, with the two signed notes, whichever is the larger', async () => {
    const [here, there] = [await copyOf(log), await copyOf(fork)]
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      const { exit, out } = await call(['log', 'check', one, ...keys, '--against', other])
      expect(exit).toBe(1)
      expect(out).toContain('VALID: every tile')
      expect(out).toMatch(/FORKED: \S+ has another history. The root at size 900 is [0-9a-f]{64}/)
      for (const size of [900, 1300]) expect(out).toContain(`\n${size}\n`)
    }
    const { out } = await call(['log', 'check', here, ...keys, '--against', there, '--json'])
    expect(JSON.parse(out)).toMatchObject({ verdict: 'valid', against: [{ outcome: 'forked' }] })
  })

  it('agree in what they share when one is behind, and one that cannot be read is said to be so', async () => {
    const [here, ahead] = [await copyOf(log), await copyOf(later)]
    const argv = ['log', 'check', here, ...keys, '--against']
    expect(await call([...argv, ahead])).toMatchObject({ exit: 0, out: expect.stringContaining('in the first 1300') })
    const { exit, out } = await call([...argv, newFolder(), '--against', ahead])
    expect(exit).toBe(1)
    expect(out).toMatch(/NOT COMPARED with.*\nAGREES/)
  })
})

describe('a mirror that is stopped', () => {
  it('by a failure of any request, has a valid copy, and fetches nothing again', async () => {
    const source = await serving(log)
    const folder = newFolder()
    await mirror(source.base, folder)
    source.log = later
    const before = source.asked.length
    await mirror(source.base, newFolder())
    const requests = source.asked.length - before
    const stopped = newFolder()
    const fetched: string[] = []
    for (let failing = 2; failing <= requests; failing++) {
      let left = failing
      source.asked.length = 0
      source.instead = (path, response) => {
        if (left-- > 1) {
          fetched.push(path)
          return false
        }
        response.writeHead(404).end()
        return true
      }
      await mirror(source.base, stopped).catch(() => {})
      const there = await stat(join(copyIn(stopped), 'checkpoint')).catch(() => undefined)
      if (there) expect((await check(stopped)).verdict).toBe('valid')
    }
    source.instead = () => false
    expect((await mirror(source.base, stopped)).size).toBe(1500)
    expect(await check(stopped)).toMatchObject({ verdict: 'valid', covered: 1500, checkpoints: 6 })
    const full = fetched.filter((path) => path.startsWith('tile/') && !path.includes('.p/'))
    expect(full.length).toBeGreaterThan(5)
    expect(full.length).toBe(new Set(full).size)
  })

  it('by a kill, goes on where it was', async () => {
    const source = await serving(log)
    const folder = newFolder()
    let answered = 0
    source.instead = (path, response, { headers }) => {
      if (!path.startsWith('tile/') || (path.startsWith('tile/entries') && headers.authorization === undefined))
        return false
      setTimeout(() => response.end(source.log.files.get(path)), 20)
      answered++
      return true
    }
    const words = ['mirror', source.base, folder, ...keys]
    for (const requests of [3, 9]) {
      const program = startProgram([process.execPath, 'infra/command/main.ts', ...words], { env })
      closing.push(async () => program.child.kill('SIGKILL'))
      for (answered = 0; answered < requests; ) {
        if (program.child.exitCode !== null) break
        await pause(2)
      }
      program.child.kill('SIGKILL')
      await program.ended
      if (await stat(join(copyIn(folder), 'checkpoint')).catch(() => undefined))
        expect((await check(folder)).verdict).toBe('valid')
    }
    const program = startProgram([process.execPath, 'infra/command/main.ts', ...words, '--watch', '1'], { env })
    closing.push(async () => program.child.kill('SIGKILL'))
    await program.printed(/size 0 to 1300/)
    source.log = later
    await program.printed(/size 1300 to 1500/)
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe('SIGTERM')
    expect(await check(folder)).toMatchObject({ verdict: 'valid', covered: 1500, checkpoints: 6, notes: [] })
  })
})

describe('consent-ledger mirror', () => {
  it.each([
    ['no folder', ['http://localhost:1/log/acme'], 'and a folder'],
    ['an address that is none', ['ledger', 'x'], 'write the address of a log'],
    ['a pause of no length', ['http://localhost:1', 'x', '--watch', '0'], '--watch 0'],
    ['keys twice', ['http://localhost:1', 'x', ...keys, '--policy', 'y'], 'name the keys'],
    ['a path out of its folder', ['http://localhost:1', 'x', '--controller', '.git'], 'letters, digits'],
    ['two addresses', ['serve', 'x', '--port', '1', '--listen', 'localhost:1'], '--port or --listen'],
    ['a port that is none', ['serve', 'x', '--port', '70000'], 'HOST:PORT'],
  ])('says what is wrong with %s', async (_, argv, says) => {
    const { exit, err } = await call(['mirror', ...argv])
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(says) })
    expect(err).toContain('consent-ledger mirror URL DIR')
  })
})
