/** `consent-ledger ask` against a running ledger: what an auditor reads, and a proof that is saved and checked at once. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { runConsentLedger } from '../../infra/command/commands.ts'
import { bearer, moved, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let folder: string
let token: string
let person: string
/** After the yes and before the withdrawal. */
let between: string

beforeAll(async () => {
  ledger = await startLedger({ clockOnlyGoesOn: true })
  folder = await mkdtemp(join(tmpdir(), 'consent-ask-'))
  token = await ledger.token('consent.audit', 'ljungsten', 'auditor')
  await writeFile(join(folder, 'token'), `${token}\n`)
  await writeFile(join(folder, 'keys'), (await ledger.get('/log/ljungsten/policy')).text)
  const secret = aDeviceSecret()
  person = `device:${deviceIdentity(secret).id}`
  const decide = (verb: string) =>
    record(ledger, visitorEvent(ledger, secret, { decisions: [{ purposeId: 'statistics', verb }] }))
  expect((await decide('given')).status).toBe(201)
  between = moved(ledger.now(), 1000)
  ledger.setClockAhead(60_000)
  expect((await decide('withdrawn')).status).toBe(201)
})
afterAll(async () => {
  await ledger.close()
  await rm(folder, { recursive: true, force: true })
})

async function ask(argv: readonly string[], stdin = person) {
  let out = ''
  let err = ''
  const exit = await runConsentLedger(['ask', ...argv], {
    env: {},
    isTty: false,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    stdin: async (maxBytes) => Buffer.from(stdin).subarray(0, maxBytes),
  })
  return { exit, out, err }
}

const file = (name: string) => join(folder, name)
const about = () => [
  ...[ledger.url, '--controller', 'ljungsten', '--purpose', 'statistics'],
  ...['--identifier', '-', '--token-file', file('token')],
]

describe('status', () => {
  it('prints the answer in a sentence, what it rests on, and how to get a proof', async () => {
    const { exit, out, err } = await ask(['status', ...about()])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toMatch(
      /^At \S+Z, as known at \S+Z:\n\nstatistics\n {2}At \S+ the recorded status of statistics is Withdrawn/,
    )
    expect(out).toMatch(/^ {2}permitted +no$/m)
    expect(out).toMatch(/^ {2}text shown +version 2, evidence: asserted$/m)
    expect(out).toContain('nothing here proves it')
    const [, at, knownAt] = /^At (\S+), as known at (\S+):/.exec(out) ?? []
    const again = `consent-ledger ask proof ${ledger.url} --controller ljungsten --purpose statistics`
    expect(out).toContain(`${again} --at ${at} --known-at ${knownAt} --identifier - `)
    expect(out).not.toContain(person.slice('device:'.length))
  })

  it('answers at another instant, with the token from standard input and the identifier as an argument', async () => {
    const argv = [ledger.url, '--controller', 'ljungsten', '--purpose', 'statistics', '--identifier', person]
    const { exit, out } = await ask(['status', ...argv, '--at', between], `${token}\n`)
    expect(exit).toBe(0)
    expect(out).toContain(`At ${between} the recorded status of statistics is Given`)
    expect(out).toContain(`--at ${between}`)
    expect((await ask(['status', ...argv, '--at', '2026-11-22T12:00:00'], token)).exit).toBe(2)
  })

  it('answers about everything without a purpose, and about a policy', async () => {
    const all = about().filter((each) => each !== '--purpose' && each !== 'statistics')
    const { exit, out } = await ask(['status', ...all])
    expect(exit).toBe(0)
    expect(out).toContain('\n\nmarketing-cookies\n')
    expect(out).toContain('\n\npolicy/general-terms\n')
    const terms = await ask(['status', ...all, '--policy-id', 'general-terms'])
    expect(terms.out).toMatch(/\n\npolicy\/general-terms\n {2}At \S+ the recorded status of policy\/general-terms is/)
  })

  it('is in Swedish with --lang sv, and JSON with --json', async () => {
    const { out } = await ask(['status', ...about(), '--lang', 'sv'])
    expect(out).toMatch(/^Vid \S+Z, enligt vad som var känt vid \S+Z:/)
    expect(out).toContain('den antecknade statusen för statistics är Withdrawn')
    expect(out).not.toMatch(/\b(the|recorded|is)\b/)
    const { consents } = JSON.parse((await ask(['status', ...about(), '--json'])).out)
    expect(consents).toMatchObject([{ purposeId: 'statistics', status: 'Withdrawn' }])
  })

  it('says what the ledger refuses and why, without the token', async () => {
    await writeFile(
      file('other'),
      await ledger.local.issuer.token({
        ...{ audience: 'nobody', subject: 'x', scope: 'consent.audit', lifetimeSeconds: 60 },
      }),
    )
    const { exit, out, err } = await ask(['status', ...about().with(-1, file('other'))])
    expect([exit, out]).toEqual([1, ''])
    expect(err).toMatch(/^the ledger refuses \(401, unauthenticated\); .*valid for this controller/)
    expect(err).not.toContain('ey')
    const unknown = await ask(['status', ...about().map((each) => (each === 'statistics' ? 'nonsense' : each))])
    expect([unknown.exit, unknown.err]).toEqual([1, expect.stringContaining('unknown-purpose')])
  })
})

describe('timeline', () => {
  it('prints each change and each event, and needs a topic', async () => {
    const { exit, out } = await ask(['timeline', ...about()])
    expect(exit).toBe(0)
    expect(out).toMatch(/^Changes of statistics until /)
    expect(out).toMatch(/^since +status +why +decided by$/m)
    expect(out.match(/^\S+Z +(Given|Withdrawn) +decided +\S+$/gm)).toHaveLength(2)
    expect(out).toMatch(
      /^2 events:\nrecorded +decisions +eventId\n\S+Z +statistics given +\S+\n\S+Z +statistics withdrawn +\S+$/m,
    )
    const [kind, ...others] = ['timeline', ...about()].filter((each) => each !== '--purpose' && each !== 'statistics')
    expect((await ask([kind ?? '', ...others])).exit).toBe(2)
  })

  it('of a person who is not known is empty', async () => {
    const { exit, out } = await ask(['timeline', ...about()], 'email:nobody@example.org')
    expect([exit, out]).toEqual([0, expect.stringContaining('Nothing has changed it.\n\n0 events')])
  })
})

describe('proof', () => {
  it('is saved for its user alone, and checked at once with the keys that are given', async () => {
    const { exit, out, err } = await ask([
      'proof',
      ...about(),
      '--at',
      between,
      '--out',
      file('a.json'),
      '--policy',
      file('keys'),
    ])
    expect({ exit, err }).toEqual({ exit: 0, err: expect.stringMatching(/^wrote \S+a\.json \(\d+ bytes\)\n$/) })
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^VALID\. At \S+ the recorded status of statistics is Given/)
    expect((await stat(file('a.json'))).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file('a.json'), 'utf8'))).toMatchObject({ format: 'consent-proof@1' })
    const swedish = ['--lang', 'sv', '--out', file('b.json'), '--policy', file('keys')]
    expect((await ask(['proof', ...about(), ...swedish])).out).toMatch(/\nGILTIG\. /)
    const json = await ask(['proof', ...about(), '--json', '--out', file('c.json'), '--policy', file('keys')])
    expect(JSON.parse(json.out)).toMatchObject({ verdict: 'valid' })
  })

  it('says how to check it when no keys are given', async () => {
    const { exit, out, err } = await ask(['proof', ...about(), '--out', file('d.json')])
    expect([exit, out]).toEqual([0, ''])
    expect(err).toContain('NOT CHECKED')
    expect(err).toContain(`consent-ledger verify ${file('d.json')} --policy keys.txt`)
    expect(err).toContain(`${ledger.url}/log/ljungsten/policy`)
  })

  it('is invalid with the keys of another log', async () => {
    await writeFile(file('others'), (await ledger.get('/log/tallmo/policy')).text)
    const { exit, out } = await ask(['proof', ...about(), '--out', file('e.json'), '--policy', file('others')])
    expect([exit, out]).toEqual([1, expect.stringMatching(/\nINVALID at step/)])
  })

  it('replaces no file, and asks nothing when it could not be saved or checked', async () => {
    const administrator = bearer(await ledger.token('consent.admin'))
    const reads = async () => (await ledger.get('/v1/controllers/ljungsten/reads', administrator)).json.reads.length
    const before = await reads()
    for (const wrong of [
      ['--out', file('a.json')],
      ['--out', file('new'), '--policy', file('missing')],
      ['--out', file('new'), '--key', 'nonsense'],
      [],
    ])
      expect((await ask(['proof', ...about(), ...wrong])).exit, wrong.join(' ')).toBe(2)
    expect(await reads()).toBe(before)
    expect(before).toBeGreaterThan(0)
  })
})
