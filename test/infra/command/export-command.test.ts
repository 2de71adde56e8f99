/** The command `export` against a running ledger: it fetches, goes on, and its check finds what was done to the files. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Terminal } from '../../../infra/command/command.ts'
import { runConsentLedger } from '../../../infra/command/commands.ts'
import { noon, record, visitorEvent } from '../../support/demo-calls.ts'
import { aDeviceSecret } from '../../support/running-ledger.ts'
import { sharedLedger } from '../../support/shared-ledger.ts'

const ledger = sharedLedger()
let folder: string
let token: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exported-'))
  ledger.setClock(noon)
  for (let n = 0; n < 5; n++)
    await record(
      ledger,
      visitorEvent(ledger, aDeviceSecret(), { decisions: [{ purposeId: 'statistics', verb: 'given' }] }),
    )
  await ledger.local.runner.settle()
  token = await ledger.token('consent.export consent.export.clear')
})
afterAll(() => rm(folder, { recursive: true }))

async function run(...argv: string[]) {
  let [out, err] = ['', '']
  const terminal: Terminal = {
    ...{ env: {}, isTty: false },
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    stdin: async () => Buffer.from(token),
  }
  const code = await runConsentLedger(['export', ...argv], terminal)
  return { code, out, err }
}

const fetchInto = (out: string, ...more: string[]) =>
  run(ledger.url, '--controller', 'ljungsten', '--out', out, ...more)
const partsIn = (out: string) =>
  readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => /\/part-.*[^l]$/.test(name))

describe('export', () => {
  it.each(['ndjson', 'csv', 'parquet'])('fetches %s and finds it sound, also beside the log', async (format) => {
    const out = join(folder, format)
    const { code, out: said, err } = await fetchInto(out, '--format', format, '--identifiers', 'clear')
    expect([code, err]).toEqual([0, ''])
    expect(said).toContain('SOUND')
    const [key, witness] = ledger.local.logKeys('ljungsten')
    const log = ['--log', `${ledger.url}/log/ljungsten`, '--key', key, '--key', witness]
    const beside = await run('verify', out, ...log, '--json')
    const found = JSON.parse(beside.out)
    if (format === 'parquet') {
      expect(found.wrong).toEqual([expect.stringContaining('is not compared with the log')])
      expect(beside.code).toBe(1)
      return
    }
    expect([beside.code, found.wrong]).toEqual([0, []])
    expect(found.compared).toBeGreaterThan(4)
  })

  it('goes on where it was cut off: what is there is not fetched, half a file is completed', async () => {
    const out = join(folder, 'again')
    await fetchInto(out)
    const [part = ''] = partsIn(out)
    const whole = await readFile(join(out, part))
    await rm(join(out, part))
    await rm(join(out, 'manifest.json'))
    await writeFile(join(out, `${part}.partial`), whole.subarray(0, 40))
    expect((await fetchInto(out)).code).toBe(0)
    expect(await readFile(join(out, part))).toEqual(whole)
    expect(existsSync(join(out, `${part}.partial`))).toBe(false)
  })

  it('everyone whose consent stands is one command', async () => {
    const out = join(folder, 'standing')
    const standing = ['--what', 'statuses', '--purpose', 'statistics', '--status', 'Given', '--status', 'RenewedGiven']
    expect((await fetchInto(out, ...standing, '--compression', 'none')).code).toBe(0)
    const rowsIn = async (where: string) =>
      (await Promise.all(partsIn(where).map((part) => readFile(join(where, part), 'utf8')))).join('').trim().split('\n')
    const before = (await rowsIn(out)).length
    expect(before).toBeGreaterThan(4)
    await record(
      ledger,
      visitorEvent(ledger, aDeviceSecret(), { decisions: [{ purposeId: 'statistics', verb: 'given' }] }),
    )
    await ledger.local.runner.settle()
    // The same folder keeps what it has, and says of when; another one has who stands now.
    const again = await fetchInto(out, ...standing, '--compression', 'none')
    expect(again.out).toMatch(/^as of {5}\d{4}-/m)
    expect((await rowsIn(out)).length).toBe(before)
    const fresh = join(folder, 'standing now')
    await fetchInto(fresh, ...standing, '--compression', 'none')
    expect((await rowsIn(fresh)).length).toBe(before + 1)
  })

  it.each(['--sideways', '--what statuses --until 2026-03-01', ''])('misuse: %s', async (more) => {
    const argv =
      more === '' ? [] : [ledger.url, '--controller', 'ljungsten', '--out', join(folder, 'x'), ...more.split(' ')]
    expect((await run(...argv)).code).toBe(2)
  })

  it('a refusal is said in one line, and leaves no file', async () => {
    const out = join(folder, 'refused')
    const { code, err } = await fetchInto(out, '--purpose', 'nothing')
    expect([code, existsSync(out)]).toEqual([1, false])
    expect(err).toContain('unknown-purpose')
  })
})

describe('export verify', () => {
  const damages: readonly [string, RegExp, (out: string, part: string) => Promise<void>][] = [
    ['a file is missing', /is missing/, (out, part) => rm(join(out, part))],
    [
      'a row is missing',
      /was changed/,
      async (out, part) => {
        const lines = gunzipSync(await readFile(join(out, part)))
          .toString()
          .split('\n')
        await writeFile(join(out, part), gzipSync(lines.slice(1).join('\n')))
      },
    ],
    [
      'a row is missing, and the manifest has the new hash',
      /rows, and the manifest says|is not the one of the ledger/,
      async (out, part) => {
        const { createHash } = await import('node:crypto')
        const lines = gunzipSync(await readFile(join(out, part)))
          .toString()
          .split('\n')
        const bytes = gzipSync(lines.slice(1).join('\n'))
        await writeFile(join(out, part), bytes)
        const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))
        const piece = manifest.pieces.find((each: { part?: { name: string } }) => each.part?.name === part)
        Object.assign(piece.part, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
        await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest))
      },
    ],
    [
      'a piece is missing from the manifest',
      /are in no piece/,
      async (out) => {
        const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))
        manifest.pieces.pop()
        await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest))
      },
    ],
    [
      'a file was added',
      /is not in the manifest/,
      (out, part) => writeFile(join(out, part.replace('part-', 'part-9')), 'another'),
    ],
  ]

  it.each(damages)('finds that %s', async (_, says, damage) => {
    const out = join(folder, `damaged-${damages.findIndex(([, pattern]) => pattern === says)}`)
    expect((await fetchInto(out)).code).toBe(0)
    await damage(out, partsIn(out)[0] ?? '')
    const { code, out: said } = await run('verify', out)
    expect(said).toMatch(says)
    expect(code).toBe(1)
  })

  it('finds a row whose leaf is another than the log’s, although all hashes fit', async () => {
    const out = join(folder, 'forged')
    await fetchInto(out, '--compression', 'none')
    const { createHash } = await import('node:crypto')
    const [part = ''] = partsIn(out)
    const forged = (await readFile(join(out, part), 'utf8')).replace(
      /"leafHash":"[^"]+"/,
      `"leafHash":"${'A'.repeat(43)}="`,
    )
    await writeFile(join(out, part), forged)
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))
    const piece = manifest.pieces.find((each: { part?: { name: string } }) => each.part?.name === part)
    piece.part.sha256 = createHash('sha256').update(forged).digest('hex')
    await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest))
    expect((await run('verify', out)).code).toBe(0)
    const [key, witness] = ledger.local.logKeys('ljungsten')
    const beside = await run('verify', out, '--log', `${ledger.url}/log/ljungsten`, '--key', key, '--key', witness)
    expect(beside.out).toContain('names another leaf than the log has there')
    expect(beside.code).toBe(1)
  })
})
