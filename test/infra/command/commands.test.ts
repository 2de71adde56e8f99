/** The command, called as a person calls it: what it prints and how it ends. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkpointPath } from '../../../infra/command/checkpoint-files.ts'
import { httpLog } from '../../../infra/command/http-log.ts'
import { checkLog } from '../../../shared/verify/log-check.ts'
import { policyOfKeys } from '../../../shared/verify/verify.ts'
import { type Files, logFiles } from '../../shared/verify/log-files.ts'
import {
  at,
  given,
  logVkey,
  makeEvent,
  makeProof,
  outsideVkey,
  ownVkey,
  plainStory,
} from '../../shared/verify/maker.ts'
import { call } from './called-command.ts'
import { serveLog, token } from './served-log.ts'

const proof = JSON.stringify(makeProof(plainStory(), { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) }))
const keys = ['--key', logVkey, '--key', ownVkey]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-command-'))
  await writeFile(join(folder, 'proof.json'), proof)
  await writeFile(join(folder, 'bad.json'), proof.replace('Withdrawn', 'Given'))
  await writeFile(join(folder, 'policy'), `log ${logVkey}\nwitness w1 ${outsideVkey}\nquorum w1\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const env = { CONSENT_LEDGER_TOKEN: token }

const file = (name: string) => join(folder, name)

describe('verify', () => {
  it('says each step and ends with the answer', async () => {
    const { exit, out, err } = await call(['verify', file('proof.json'), ...keys])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    for (const said of ['ok      inclusion', 'note    limits', 'VALID', 'Withdrawn', at(6000)])
      expect(out).toContain(said)
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^VALID\. .*ithdr/)
    expect(out).not.toContain('\u001b')
    expect((await call(['verify', file('proof.json'), ...keys], { isTty: true })).out).toContain('\u001b[32mVALID')
  })

  it('speaks Swedish with --lang sv, and knows which languages it speaks', async () => {
    const { exit, out } = await call(['verify', file('proof.json'), ...keys, '--lang', 'sv'])
    expect(exit).toBe(0)
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^GILTIG\. .* är Withdrawn: ett återtagande är antecknat/)
    expect(out).toMatch(/^ok {6}löv {11}\d händelselöv har exakt/m)
    expect((await call(['verify', file('bad.json'), ...keys, '--lang', 'sv'])).out).toMatch(
      /OGILTIG i steget "svar": svaret i filen är inte det som händelserna ger: /,
    )
    const json = ['verify', file('proof.json'), ...keys, '--at', '2026-11-29T12:00:00Z', '--json']
    expect(await call([...json, '--lang', 'sv'])).toEqual(await call(json))
    const other = await call(['verify', file('proof.json'), ...keys, '--lang', 'toString'])
    expect([other.exit, other.err]).toEqual([2, expect.stringContaining('en, sv')])
  })

  it('prints the text only when asked, and the verdict after it', async () => {
    const text = 'We send you news and offers.'
    expect((await call(['verify', file('proof.json'), ...keys])).out).not.toContain(text)
    const { out } = await call(['verify', file('proof.json'), ...keys, '--text'])
    expect(out).toContain(text)
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^VALID\. /)
  })

  it('names the first step that fails', async () => {
    const { exit, out } = await call(['verify', file('bad.json'), ...keys])
    expect(exit).toBe(1)
    expect(out).toContain('INVALID at step "answer"')
  })

  it.each([
    ['', 'the file is empty'],
    [proof.slice(0, -1), 'the file ends in the middle of the JSON'],
    [proof.slice(0, proof.indexOf(',')), 'the file ends in the middle of the JSON'],
    [proof.slice(0, proof.indexOf('proof@1')), 'the file ends in the middle of a string'],
    [`${proof}]`, 'the file is not JSON: it has a closing bracket without its opening one'],
    [`${proof.slice(0, -1)}]`, 'the file is not JSON: it has a closing bracket without its opening one'],
  ])('says plainly what is wrong with text that is not JSON (%#)', async (stdin, sentence) => {
    const { exit, out } = await call(['verify', '-', ...keys], { stdin })
    expect(exit).toBe(1)
    expect(out).toContain(`INVALID at step "form": ${sentence}\n`)
  })

  it('reads standard input, policies and JSON', async () => {
    const { exit, out } = await call(['verify', '-', '--policy', file('policy'), '--json'], { stdin: proof })
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ verdict: 'valid', answer: { status: { status: 'Withdrawn' } } })
    expect((await call(['verify', '-', ...keys], { stdin: '' })).exit).toBe(1)
  })

  it('says first that a proof lacks what is recorded, names it with its promise, and is 1 unless that is allowed', async () => {
    const story = plainStory()
    const decisions = [{ purposeId: 'newsletter', verb: 'withdrawn' as const }]
    const events = [5100, 5101].map((s) =>
      makeEvent({ recorded: at(s), decisions, evidence: given('2') }, story.history),
    )
    const lacking = makeProof(
      { ...story, events: [...story.events, ...events] },
      { purposeId: 'newsletter', at: at(1000), knownAt: at(5221) },
    )
    const argv = ['verify', '-', ...keys, '--at', at(5221)]
    const stdin = JSON.stringify(lacking)
    const { exit, out } = await call(argv, { stdin })
    expect(exit).toBe(1)
    expect(out).toContain('\nVALID, but 2 recorded events are not in it yet. At ')
    const named = out.split('\n').filter((line) => line.startsWith('  pending '))
    expect(named).toEqual([
      expect.stringMatching(new RegExp(`BROKEN PROMISE, due by ${at(5220)}$`)),
      expect.stringMatching(new RegExp(`recorded ${at(5101)}: promised by ${at(5221)}$`)),
    ])
    expect((await call([...argv, '--allow-pending'], { stdin })).exit).toBe(0)
    const json = await call([...argv, '--json'], { stdin })
    expect(json.exit).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({
      verdict: 'pending',
      pending: [{ promise: 'broken' }, { promise: 'open' }],
    })
    const wrong = JSON.stringify({ ...lacking, answer: { ...lacking.answer, status: 'Withdrawn' } })
    expect((await call([...argv, '--allow-pending'], { stdin: wrong })).exit).toBe(1)
  })

  it('lets nothing in a file steer the terminal', async () => {
    const evil = proof.replace('"origin":"ledger.example/acme"', '"origin":"\\u001b[2J\\u202eledger"')
    const { out } = await call(['verify', '-', ...keys], { stdin: evil })
    for (const unit of ['\u001b', '\u202e']) expect(out).not.toContain(unit)
    expect(out).toContain('INVALID')
  })

  it('extracts each event as a file that stands by itself', async () => {
    const target = file('extracted')
    expect((await call(['verify', file('proof.json'), ...keys, '--extract', target])).exit).toBe(0)
    const names = await readdir(target)
    expect(names).toHaveLength(3)
    for (const name of names) expect((await call(['verify', join(target, name), ...keys])).exit).toBe(0)
  })

  it.each([
    [['verify']],
    [['verify', 'a', 'b', ...keys]],
    [['verify', 'no-such-file', ...keys]],
    [['verify', '-']],
    [['verify', '-', '--key', 'nonsense']],
    [['verify', '-', ...keys, '--policy', 'x']],
    [['verify', '-', ...keys, '--at', 'tomorrow']],
    [['verify', '-', ...keys, '--unknown']],
    [['log']],
    [['log', 'check', ...keys]],
    [['log', 'walk', 'dir', ...keys]],
    [['log', 'mirror', 'dir', 'dir']],
    [['nonsense']],
    [[]],
  ])('misuse: %j', async (argv) => {
    const { exit, out, err } = await call(argv, { stdin: proof })
    expect(exit).toBe(2)
    expect(out).toBe('')
    expect(err).not.toContain('    at ')
    const usage =
      argv[0] === 'verify' ? 'verify FILE --key' : argv[0] === 'log' ? 'log check URL|DIR --key' : 'verify FILE ...'
    expect(err.split('\n\n')[1]).toMatch(`consent-ledger ${usage}`)
  })

  it.each([[['--help']], [['verify', '--help']], [['log', '--help']], [['log', 'check', '--help']]])(
    '%j',
    async (argv) => {
      expect(await call(argv)).toMatchObject({ exit: 0, out: expect.stringContaining('consent-ledger') })
    },
  )
})

describe('log check', () => {
  const log = logFiles(1300, [0, 10, 256, 700])

  const open = async (log: Files) => {
    const served = await serveLog(log)
    closing.push(served.close)
    return served
  }
  const patient = { token, pauseMs: 1 }

  it('walks a served log, and the copy that a mirror made', async () => {
    const served = await open(log)
    let failures = 1
    served.instead = (_, response) => failures-- > 0 && response.writeHead(503).end() !== undefined
    const { base } = served
    const refused = await call(['log', 'check', base, ...keys])
    expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining('--token') })
    expect((await call(['log', 'check', base, ...keys, '--tiles-only'])).exit).toBe(0)
    const checked = await call(['log', 'check', base, ...keys, '--json'], { env })
    expect(JSON.parse(checked.out)).toMatchObject({ verdict: 'valid', size: 1300, checkpoints: 5 })
    expect((await call(['mirror', base, file('mirror'), ...keys], { env })).out).toContain('13 files and 5 checkpoints')
    const mirror = join(file('mirror'), 'log/acme')
    expect((await call(['log', 'check', mirror, ...keys])).out).toContain('5 compared')
    const state = file('state')
    for (const from of ['from ', 'from         leaf 1280']) {
      const found = await call(['log', 'check', mirror, ...keys, '--state', state])
      expect(found.exit).toBe(0)
      if (from !== 'from ') expect(found.out).toContain(from)
    }
    const tile = join(mirror, 'tile/0/001')
    const bytes = await readFile(tile)
    bytes[40] = (bytes[40] ?? 0) ^ 1
    await writeFile(tile, bytes)
    expect(await call(['log', 'check', mirror, ...keys])).toMatchObject({
      exit: 1,
      out: expect.stringContaining('tile/entries/001, leaf 257'),
    })
    await rm(join(mirror, 'checkpoint'))
    await writeFile(tile, bytes.with(40, (bytes[40] ?? 0) ^ 1))
    expect((await call(['log', 'check', mirror, ...keys])).exit).toBe(0)
  })

  it('cuts what it needs from full tiles when partial ones are gone', async () => {
    const grown = logFiles(1400, [])
    const at1300 = new Map([...grown.files].filter(([path]) => !path.includes('.p/')))
    const full = logFiles(1536, [])
    const files = new Map([...full.files, ...at1300])
    const { base } = await open({ files, checkpoints: logFiles(1300, []).checkpoints })
    const found = await checkLog(httpLog(base, patient), policyOfKeys([logVkey, ownVkey]), {})
    expect(found.failed).toMatchObject({ what: 'tile/1/000.p/5', source: 'absent' })
    files.set('tile/1/000.p/5', full.files.get('tile/1/000.p/6')?.subarray(0, 160) ?? new Uint8Array())
    expect(await checkLog(httpLog(base, patient), policyOfKeys([logVkey, ownVkey]), {})).toMatchObject({
      verdict: 'valid',
    })
  })

  it('says when nobody answers, or too much, or from elsewhere', async () => {
    const policy = policyOfKeys([logVkey])
    const served = await open({ files: new Map(), checkpoints: [{ size: 0, note: 'x'.repeat(1_000_001) }] })
    const failed = async () => (await checkLog(httpLog(served.base, patient), policy)).failed
    expect(await failed()).toMatchObject({ source: 'unreachable', says: expect.stringContaining('more than') })
    served.instead = (_, response) => response.writeHead(302, { location: 'http://other.example/' }).end() !== undefined
    expect(await failed()).toMatchObject({ source: 'unreachable', says: expect.stringContaining('other.example') })
    await served.close()
    expect(await failed()).toMatchObject({ source: 'unreachable' })
    expect((await call(['log', 'check', file('nothing'), ...keys])).exit).toBe(1)
  })

  it('names objects as the ledger does', () => {
    expect(checkpointPath(0)).toBe('checkpoints/999/999/999/999/999/999')
    expect(checkpointPath(1234)).toBe('checkpoints/999/999/999/999/998/765')
  })
})
