/** The witness of our own over HTTP, asked by the ledger's own client: folder, statuses, crashes, and answers of servers that are no witness. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { httpWitness } from '../../../functions/delivery/http-witness.ts'
import { runConsentLedger } from '../../../infra/command/commands.ts'
import { latestIn, originHash } from '../../../infra/command/witness/witness-folder.ts'
import { type RunningWitness, startWitness } from '../../../infra/command/witness/witness-server.ts'
import { type AddCheckpoint, cosignatureIn, formatAddCheckpoint } from '../../../shared/tlog/add-checkpoint.ts'
import { checkpointText } from '../../../shared/tlog/checkpoint.ts'
import { parsePolicy, verifyCheckpoint } from '../../../shared/tlog/tlog-policy.ts'
import { formatVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { NaiveTree } from '../../shared/tlog/naive-tree.ts'
import { signedNote, signer } from '../../shared/tlog/signing.ts'
import { startProgram } from '../../support/started-program.ts'

const origin = 'ledger.example/acme'
const log = signer(origin)
const tree = new NaiveTree()
const name = 'witness.example/own'
const noteOf = (size: number, root = tree.root(0, size)) =>
  signedNote(checkpointText({ origin, size, root, extensions: [] }), [log])
const callOf = (oldSize: number, size: number): AddCheckpoint => ({
  oldSize,
  proof: tree.proof(oldSize, size),
  checkpoint: noteOf(size),
})

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'witness-'))
  open.push(() => rm(folder, { recursive: true }))
  return folder
}

async function witnessIn(folder: string, options: object = {}): Promise<RunningWitness> {
  const witness = await startWitness({ folder, name, logs: [log.key], ...options })
  open.push(witness.close)
  return witness
}

const ask = (url: string, call: AddCheckpoint, ms = 5_000) =>
  httpWitness({ allowsLoopback: true })(url, call, AbortSignal.timeout(ms))
const post = (url: string, body: string) => fetch(`${url}/add-checkpoint`, { method: 'POST', body })

describe('the witness', () => {
  it('cosigns a log as it grows, and serves what it cosigned last', async () => {
    const { url, key } = await witnessIn(await folderOf())
    for (const [old, size] of [
      [0, 3],
      [3, 3],
      [3, 300],
    ] as const) {
      const answer = await ask(url, callOf(old, size))
      const { timeSeconds } = await cosignatureIn(answer.says === 'cosigned' ? answer.body : '', noteOf(size), key)
      expect(Math.abs(timeSeconds - Date.now() / 1000)).toBeLessThan(5)
    }
    const latest = await (await fetch(`${url}/${originHash(origin)}/checkpoint`)).text()
    const policy = parsePolicy(`log ${formatVerifierKey(log.key)}\nwitness own ${formatVerifierKey(key)}\nquorum own\n`)
    expect((await verifyCheckpoint(latest, policy)).checkpoint.size).toBe(300)
    expect((await fetch(`${url}/${originHash('another')}/checkpoint`)).status).toBe(404)
  })

  it('keeps its key and what it cosigned over a restart, and refuses to go back', async () => {
    const folder = await folderOf()
    const first = await witnessIn(folder)
    await ask(first.url, callOf(0, 9))
    await first.close()
    const second = await witnessIn(folder)
    expect(second.key).toEqual(first.key)
    expect(await ask(second.url, callOf(0, 4))).toEqual({ says: 'size', size: 9 })
    expect(await ask(second.url, { oldSize: 9, proof: [], checkpoint: noteOf(9, tree.root(0, 8)) })).toEqual({
      says: 'bad-proof',
    })
  })

  it('answers no cosignature that is not on disk', async () => {
    const folder = await folderOf()
    const { url } = await witnessIn(folder)
    await ask(url, callOf(0, 4))
    const names = await readdir(join(folder, 'logs', originHash(origin)))
    expect(names).toEqual(['000000000001'])
    await rm(join(folder, 'logs'), { recursive: true })
    // What stands where its folder should be makes each write fail.
    await writeFile(join(folder, 'logs'), '')
    expect((await post(url, formatAddCheckpoint(callOf(0, 4)))).status).toBe(500)
  })

  it('does not take a damaged file for a log that is new', async () => {
    const folder = await folderOf()
    const { url } = await witnessIn(folder)
    await ask(url, callOf(0, 4))
    await writeFile(join(folder, 'logs', originHash(origin), '000000000001'), '')
    expect((await post(url, formatAddCheckpoint(callOf(0, 3)))).status).toBe(500)
  })

  it('cosigns one of two histories that are asked for at once, by two processes on one folder too', async () => {
    const folder = await folderOf()
    const [one, two] = [await witnessIn(folder), await witnessIn(folder)]
    const fork = (size: number) => ({ oldSize: 0, proof: [], checkpoint: noteOf(size, tree.root(1, size + 1)) })
    const calls = [1, 2, 3].flatMap((size) => [ask(one.url, callOf(0, size)), ask(two.url, fork(size))])
    const answers = await Promise.all(calls)
    expect(answers.filter(({ says }) => says === 'cosigned')).toHaveLength(1)
    expect(answers.filter(({ says }) => says === 'size')).toHaveLength(5)
    expect((await latestIn(folder, origin))?.number).toBe(1)
  })

  it('forgets checkpoints that are long past, and not the last', async () => {
    const folder = await folderOf()
    const { url } = await witnessIn(folder)
    for (let size = 1; size <= 24; size++) await ask(url, callOf(size - 1, size))
    const names = await readdir(join(folder, 'logs', originHash(origin)))
    expect(names.length).toBeLessThanOrEqual(21)
    expect(await readFile(join(folder, 'logs', originHash(origin), names.sort().at(-1) ?? ''), 'utf8')).toContain(
      '\n24\n',
    )
  })

  it.each([
    ['no call', 'GET', '', 404],
    ['junk', 'POST', 'junk', 400],
    ['a note that is none', 'POST', 'old 0\n\njunk\n', 400],
    ['2 MB', 'POST', 'x'.repeat(2_000_000), 413],
  ])('answers %s of its caller', async (_, method, body, status) => {
    const { url } = await witnessIn(await folderOf())
    const answer = await fetch(`${url}/add-checkpoint`, { method, ...(body && { body }) }).catch(() => ({
      status: 413,
    }))
    expect(answer.status).toBe(status)
  })
})

describe('a server that is no witness', () => {
  async function serving(listener: RequestListener): Promise<string> {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    open.push(async () => {
      server.closeAllConnections()
      server.close()
    })
    return `http://localhost:${(server.address() as AddressInfo).port}`
  }

  it.each<[string, RequestListener, string]>([
    ['never answers', () => {}, 'timeout'],
    ['drips', (_, response) => void setInterval(() => response.write('.'), 20).unref(), 'timeout'],
    ['sends without end', (_, response) => void response.end('x'.repeat(100_000)), 'reply-too-long'],
    ['leads elsewhere', (_, response) => void response.writeHead(307, { location: '/' }).end(), 'unreachable'],
    ['hangs up', (request) => void request.socket.destroy(), 'unreachable'],
  ])('%s', async (_, listener, word) => {
    const url = await serving(listener)
    await expect(ask(url, callOf(0, 3), 200)).rejects.toThrow(word)
  })

  it('is not asked in clear, but on this machine', async () => {
    await expect(ask('http://witness.example', callOf(0, 3))).rejects.toThrow('no-https')
    await expect(
      httpWitness({ allowsLoopback: false })('http://localhost:1', callOf(0, 3), AbortSignal.timeout(1)),
    ).rejects.toThrow('no-https')
    await expect(ask('http://localhost:1', callOf(0, 3))).rejects.toThrow('unreachable')
  })
})

describe('consent-ledger witness', () => {
  const vkey = formatVerifierKey(log.key)

  it('prints its line for policies, forgets nothing when it is killed, and ends well on a signal', async () => {
    const folder = await folderOf()
    const start = async () => {
      const words = ['witness', folder, '--name', name, '--log', vkey, '--listen', 'localhost:0']
      const program = startProgram([process.execPath, 'infra/command/main.ts', ...words])
      open.push(async () => program.child.kill('SIGKILL'))
      const [line, url = ''] = await program.printed(/^witness \S+ \S+ (\S+)\n/)
      return { program, line: line.slice(0, line.indexOf(' http')), url }
    }
    const first = await start()
    expect(await ask(first.url, callOf(0, 7))).toMatchObject({ says: 'cosigned' })
    first.program.child.kill('SIGKILL')
    await first.program.ended
    const second = await start()
    expect(second.line).toBe(first.line)
    expect(parsePolicy(`log ${vkey}\n${second.line}\nquorum ${name}\n`).quorum).toBe(name)
    expect(await ask(second.url, callOf(0, 3))).toEqual({ says: 'size', size: 7 })
    second.program.child.kill('SIGTERM')
    expect(await second.program.ended).toBe(0)
  })

  it.each([
    ['no folder', []],
    ['no log', ['x', '--name', name]],
    ['no name', ['x', '--log', vkey]],
    ['a name with a space', ['x', '--name', 'a b', '--log', vkey]],
    ['an address without a port', ['x', '--name', name, '--log', vkey, '--listen', 'localhost']],
    ['a key that is none', ['x', '--name', name, '--log', 'acme']],
  ])('says what is wrong with %s', async (_, argv) => {
    const said: string[] = []
    const terminal = {
      env: {},
      isTty: false,
      out: () => {},
      err: (text: string) => void said.push(text),
      stdin: async () => new Uint8Array(),
    }
    expect(await runConsentLedger(['witness', ...argv], terminal)).toBe(2)
    expect(said.join('')).toContain('consent-ledger witness DIR')
  })
})
