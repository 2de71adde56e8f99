/** `consent-ledger mirror`: verified copies of a log that grows, and of servers that lie. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { directoryLog } from '../../../infra/command/directory-log.ts'
import { mirrorLog } from '../../../infra/command/mirror/mirror-log.ts'
import { formatSignatureLine } from '../../../shared/tlog/add-checkpoint.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { formatVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { checkLog } from '../../../shared/verify/log-check.ts'
import { policyTextOfKeys } from '../../../shared/verify/policy-of-keys.ts'
import { parsePolicy } from '../../../shared/verify/verify.ts'
import { signatureOf, signer, witness } from '../../shared/tlog/signing.ts'
import { entry, type Files, logFiles } from '../../shared/verify/log-files.ts'
import { logVkey, origin, ownVkey } from '../../shared/verify/maker.ts'
import { call } from './called-command.ts'
import { type ServedLog, serveLog, token } from './served-log.ts'

const keys = ['--key', logVkey, '--key', ownVkey]
const policyText = policyTextOfKeys([logVkey, ownVkey])
const env = { CONSENT_LEDGER_TOKEN: token }
const published = [0, 10, 256, 700]
const at700 = logFiles(700, published.slice(0, 3))
const log = logFiles(1300, published)
/** The same log up to leaf 600, signed by the same keys. */
const fork = logFiles(1300, [], (i) => entry(i, i < 600 ? '' : 'x'))
const older = logFiles(500, [])

let root: string
let copyOf700: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirror-'))
  copyOf700 = newFolder()
  await mirror(await serving(at700), copyOf700)
})
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

let folders = 0
const newFolder = () => join(root, String(folders++))
const copyIn = (folder: string) => join(folder, 'log/acme')

async function serving(files: Files): Promise<ServedLog> {
  const served = await serveLog(files)
  closing.push(served.close)
  return served
}

const mirror = (served: ServedLog, folder: string, more: object = {}) =>
  mirrorLog({ address: `${served.base}/`, path: 'log/acme' }, folder, {
    ...{ token, policyText, pauseMs: 1, timeoutMs: 1000 },
    ...more,
  })
const check = async (folder: string) => checkLog(await directoryLog(copyIn(folder)), parsePolicy(policyText))
const tilesAsked = ({ asked }: ServedLog) => asked.filter((path) => path.startsWith('tile/'))

describe('a copy of a log', () => {
  it('grows with it, fetches nothing twice, and is valid to its last leaf', async () => {
    const served = await serving(at700)
    const folder = newFolder()
    expect(await mirror(served, folder)).toMatchObject({ origin, from: 0, size: 700, files: 7, checkpoints: 4 })
    served.log = log
    expect(await mirror(served, folder)).toMatchObject({ from: 700, size: 1300, files: 9, checkpoints: 1 })
    const asked = tilesAsked(served)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked).not.toContain('tile/0/001.p/188')
    expect(await check(folder)).toMatchObject({ verdict: 'valid', covered: 1300, checkpoints: 5, notes: [] })
    served.asked.length = 0
    expect(await mirror(served, folder)).toMatchObject({ from: 1300, size: 1300, files: 0, checkpoints: 0 })
    expect(tilesAsked(served)).toEqual([])
  })

  it('has no partial tile that a wider one holds, and cuts it where it is wanted', async () => {
    const served = await serving(at700)
    const folder = newFolder()
    await mirror(served, folder)
    served.log = log
    await mirror(served, folder)
    const names = await readdir(copyIn(folder), { recursive: true })
    expect(names.filter((name) => /\.p\/\d+$/.test(name)).sort()).toEqual([
      ...['tile/0/005.p/20', 'tile/1/000.p/5', 'tile/entries/005.p/20'],
    ])
    const source = await directoryLog(copyIn(folder))
    for (const [path, bytes] of [
      ['tile/0/002.p/188', await source.tile({ level: 0, index: 2, width: 188 })],
      ['tile/1/000.p/2', await source.tile({ level: 1, index: 0, width: 2 })],
      ['tile/entries/002.p/188', await source.bundle({ index: 2, width: 188 })],
    ] as const)
      expect(Buffer.from(bytes)).toEqual(Buffer.from(at700.files.get(path) ?? []))
  })

  it('may have tiles only, gets its bundles later, and then no longer goes on without', async () => {
    const served = await serving(at700)
    const folder = newFolder()
    expect((await mirror(served, folder, { tilesOnly: true, token: undefined })).files).toBe(4)
    await expect(mirror(served, folder, { token: undefined })).rejects.toMatchObject({ code: 'forbidden' })
    served.asked.length = 0
    expect((await mirror(served, folder)).files).toBe(3)
    expect(tilesAsked(served).every((path) => path.startsWith('tile/entries/'))).toBe(true)
    expect(await check(folder)).toMatchObject({ verdict: 'valid', covered: 700 })
    await expect(mirror(served, folder, { tilesOnly: true })).rejects.toMatchObject({ code: 'incomplete' })
  })

  it('is of the newest checkpoint that has the quorum of its policy', async () => {
    const north = witness('witness.example/north')
    const served = await serving(log)
    served.log = {
      files: new Map([...at700.files, ...log.files]),
      checkpoints: log.checkpoints.map(({ size, note }) => ({
        size,
        note: size === 700 ? note + formatSignatureLine(signatureOf(north, parseNote(note).text, 1_795_348_900)) : note,
      })),
    }
    const withQuorum = policyText.replace('quorum none', `witness north ${formatVerifierKey(north.key)}\nquorum north`)
    const folder = newFolder()
    expect(await mirror(served, folder, { policyText: withQuorum })).toMatchObject({ size: 700, checkpoints: 4 })
    expect(await mirror(served, folder)).toMatchObject({ from: 700, size: 1300 })
  })

  it('is verified with the keys that were first trusted, whatever the log states later', async () => {
    const served = await serving(log)
    const other = signer(origin, undefined, 'another')
    let stated = policyText
    served.instead = (path, response) => path === 'policy' && response.end(stated) !== undefined
    const folder = newFolder()
    const first = await call(['mirror', served.base, folder], { env })
    expect(first).toMatchObject({ exit: 0, out: expect.stringContaining(`trusted from now on: ${logVkey}`) })
    // Beside the trusted key, as an operator that replaces it would state both.
    stated = policyTextOfKeys([logVkey, ownVkey, formatVerifierKey(other.key)])
    const { note } = log.checkpoints.at(-1) ?? { note: '' }
    const { text } = parseNote(note)
    const forged = `${text}\n${formatSignatureLine(signatureOf(other, text))}`
    served.log = { ...log, checkpoints: [{ size: 1300, note: forged }] }
    expect(await call(['mirror', served.base, folder], { env })).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/^log\/acme: not-signed: /),
    })
    expect(await readFile(join(copyIn(folder), 'policy'), 'utf8')).toBe(policyText)
    expect(JSON.parse(await readFile(join(copyIn(folder), 'copy.json'), 'utf8'))).toMatchObject({
      keysFrom: 'first-use',
    })
    served.log = log
    expect((await call(['mirror', served.base, folder, ...keys], { env })).exit).toBe(0)
  })
})

const flip = (path: string): Files => {
  const bytes = Uint8Array.from(log.files.get(path) ?? [])
  bytes[40] = (bytes[40] ?? 0) ^ 1
  return { ...log, files: new Map([...log.files, [path, bytes]]) }
}
const note = (size: number, change: (note: string) => string): Files => ({
  ...log,
  checkpoints: log.checkpoints.map((c) => (c.size === size ? { size, note: change(c.note) } : c)),
})
const without = (path: string): Files => ({ ...log, files: new Map([...log.files].filter(([name]) => name !== path)) })
const at =
  (path: string, answer: (response: ServerResponse) => unknown): ServedLog['instead'] =>
  (asked, response) => {
    if (asked === path) answer(response)
    return asked === path
  }
const drips = (response: ServerResponse) => {
  const dripping = setInterval(() => response.write('.'), 20)
  response.on('close', () => clearInterval(dripping))
}
const pours = (response: ServerResponse) => {
  response.on('error', () => {})
  const pour = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    if (!response.destroyed) response.once('drain', pour)
  }
  pour()
}

describe('a server that lies', () => {
  const lies: readonly (readonly [string, Files, string, ServedLog['instead']?])[] = [
    ['about a leaf hash', flip('tile/0/003'), 'tile/0/003: it does not make the hash'],
    ['about a hash above', flip('tile/1/000.p/5'), 'tile: the last tiles'],
    ['about the last leaf hashes', flip('tile/0/005.p/20'), 'tile: the last tiles'],
    ['about an entry', flip('tile/entries/004'), 'tile/entries/004: entry 1 does not have'],
    ['about the last entries', flip('tile/entries/005.p/20'), 'tile/entries/005.p/20: entry'],
    ['with a signature that is not good', note(1300, (text) => text.replace(/.\n$/, '\n')), 'base64'],
    ['with a text that was not signed', note(1300, (text) => text.replace('\n1300\n', '\n1301\n')), 'is not good'],
    [
      'with a checkpoint of another log',
      note(1300, (text) => text.replace(`${origin}\n`, 'other.example/acme\n')),
      'is not good',
    ],
    ['with another history', fork, 'the log was forked'],
    ['with an older checkpoint', older, "older than the copy's, 700"],
    ['with a tile that is gone', without('tile/0/003'), 'tile/0/003 does not exist'],
    ['with a tile that is cut short', log, 'tile/0/003: it does not', at('tile/0/003', (r) => r.end('x'))],
    ['with a tile that is too long', log, 'more than 8192', at('tile/0/003', (r) => r.end(Buffer.alloc(9000)))],
    ['without end', log, 'more than 8192', at('tile/0/003', pours)],
    ['without end about its checkpoint', log, 'more than 1000000', at('checkpoint', pours)],
    ['drop by drop', log, 'did not answer whole within 0.06 s', at('tile/entries/003', drips)],
    ['by silence', log, 'did not answer whole within 0.06 s', at('tile/0/004', () => {})],
    ['by hanging up', log, 'cannot be reached', at('tile/0/004', (r) => r.destroy())],
    [
      'by leading elsewhere',
      log,
      'leads to http://x/',
      at('checkpoint', (r) => r.writeHead(301, { location: 'http://x/' }).end()),
    ],
    ['by refusing', log, 'answers 500', at('tile/0/004', (r) => r.writeHead(500).end())],
  ]

  it.each(lies.map(([how, files, says, instead]) => ({ how, files, says, instead })))(
    '$how changes nothing in the copy',
    async ({ files, says, instead }) => {
      const served = await serving(files)
      served.instead = instead ?? served.instead
      const folder = newFolder()
      await cp(copyOf700, folder, { recursive: true })
      await expect(mirror(served, folder, { timeoutMs: 60 })).rejects.toThrow(says)
      expect(await check(folder)).toMatchObject({ verdict: 'valid', size: 700, covered: 700 })
    },
  )

  it('keeps a copy from going on for as long as it does, and no longer', async () => {
    const served = await serving(flip('tile/0/003'))
    const folder = newFolder()
    await cp(copyOf700, folder, { recursive: true })
    await expect(mirror(served, folder)).rejects.toThrow('tile/0/003')
    served.log = log
    expect((await mirror(served, folder)).size).toBe(1300)
    expect(await check(folder)).toMatchObject({ verdict: 'valid', covered: 1300, checkpoints: 5 })
  })

  it('about older checkpoints is found out once the newest is copied, and a forked one is kept', async () => {
    const listed: readonly (readonly [Files, string])[] = [
      [note(10, (text) => text.replace('\n10\n', '\n11\n')), 'checkpoint 10: '],
      [{ ...log, checkpoints: log.checkpoints.map((c) => (c.size === 10 ? { ...c, size: 11 } : c)) }, 'is of size 10'],
      [
        { ...log, checkpoints: [...logFiles(20, [], (i) => entry(i, 'y')).checkpoints, ...log.checkpoints.slice(2)] },
        'forked',
      ],
      [
        { ...log, checkpoints: [...log.checkpoints.slice(0, 3).reverse(), ...log.checkpoints.slice(3)] },
        'smallest first',
      ],
    ]
    for (const [files, says] of listed) {
      const served = await serving(files)
      const folder = newFolder()
      await expect(mirror(served, folder)).rejects.toThrow(says)
      expect(await check(folder)).toMatchObject({ verdict: 'valid', covered: 1300 })
      const kept = await readdir(join(copyIn(folder), 'contradictions')).catch(() => [])
      expect(kept).toHaveLength(says === 'forked' ? 1 : 0)
    }
  })

  it('with pages of checkpoints without end, is left after the first that has none', async () => {
    const served = await serving(log)
    let pages = 0
    served.instead = (path, response) =>
      path === 'checkpoints' && response.end(JSON.stringify({ checkpoints: [], next: ++pages })) !== undefined
    expect(await mirror(served, newFolder())).toMatchObject({ size: 1300, checkpoints: 0 })
    expect(pages).toBe(1)
  })
})
