/** `consent-ledger ask` called wrongly, and against servers that answer what no ledger would. */
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { askLedger, ledgerAddress } from '../../../infra/command/ask-ledger.ts'
import { askLanguages } from '../../../infra/command/ask-words.ts'
import { runConsentLedger } from '../../../infra/command/commands.ts'

let folder: string
const servers: Server[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-ask-'))
  await writeFile(join(folder, 'token'), 'a.secret.token\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const file = (name: string) => join(folder, name)

async function ask(argv: readonly string[], stdin = '') {
  let [out, err] = ['', '']
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

/** A server in the place of a ledger, and its address. */
async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

const answering = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  served((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })

const topic = ['--controller', 'acme', '--purpose', 'news']
const person = ['--identifier', 'email:kim@example.org']
const questioned = (url: string) => [url, ...topic, ...person, '--token-file', file('token')]

describe('misuse', () => {
  const url = 'https://ledger.invalid'
  it.each<[string, string[], string?]>([
    ['no question', []],
    ['another question', ['everything', url, ...topic, ...person]],
    ['no address', ['status', ...topic, ...person]],
    ['two addresses', ['status', url, url, ...topic, ...person]],
    ['no controller', ['status', url, '--purpose', 'news', ...person], 'a.b'],
    ['no identifier', ['status', url, ...topic], 'a.b'],
    ['an identifier without a type', ['status', url, ...topic, '--identifier', 'kim'], 'a.b'],
    ['an identifier of two lines', ['status', url, ...topic, '--identifier', 'email:a\nb'], 'a.b'],
    ['both from standard input', ['status', url, ...topic, '--identifier', '-'], 'a.b'],
    ['a long identifier', ['status', url, ...topic, '--identifier', '-', '--token-file', 'x'], 'x'.repeat(5000)],
    ['no token', ['status', url, ...topic, ...person], ''],
    ['a token of two lines', ['status', url, ...topic, ...person], 'a.b\nX-Evil: 1'],
    ['a long token', ['status', url, ...topic, ...person], 'x'.repeat(20_000)],
    ['no token file', ['status', url, ...topic, ...person, '--token-file', 'missing']],
    ['a token as an argument', ['status', url, ...topic, ...person, '--token', 'a.b']],
    ['purpose and policy', ['status', url, ...topic, '--policy-id', 'terms', ...person], 'a.b'],
    ['a timeline of everything', ['timeline', url, '--controller', 'acme', ...person], 'a.b'],
    ['an instant without its zone', ['status', url, ...topic, ...person, '--at', '2026-01-01T00:00:00'], 'a.b'],
    ['a day', ['status', url, ...topic, ...person, '--known-at', '2026-01-01'], 'a.b'],
    ['no such day', ['status', url, ...topic, ...person, '--at', '2026-02-40T00:00:00Z'], 'a.b'],
    ['keys for a status', ['status', url, ...topic, ...person, '--key', 'x'], 'a.b'],
    ['a file for a timeline', ['timeline', url, ...topic, ...person, '--out', 'x'], 'a.b'],
    ['a proof without a file', ['proof', url, ...topic, ...person], 'a.b'],
    ['another language', ['status', url, ...topic, ...person, '--lang', 'toString'], 'a.b'],
  ])('%s', async (_, argv, stdin = '') => {
    const { exit, out, err } = await ask(argv, stdin)
    expect([exit, out]).toEqual([2, ''])
    expect(err.split('\n\n')[1]).toMatch('consent-ledger ask status URL')
    expect(err.split('\n\n')[0]).not.toMatch(/X-Evil|a\.b/)
  })

  it.each([
    ['http://ledger.example', 'use https'],
    ['http://localhost.example', 'use https'],
    ['http://127.0.0.1.example', 'use https'],
    ['http://10.0.0.1', 'use https'],
    ['ftp://localhost', 'not the address'],
    ['ledger.example', 'not the address'],
    ['https://me:hunter2@ledger.example', 'no user and password'],
    ['https://ledger.example/?x=1', 'a query'],
    ['https://ledger.example/#x', 'a fragment'],
  ])('the address %s', (given, reason) => {
    expect(() => ledgerAddress(given)).toThrow(reason)
    expect(() => ledgerAddress(given)).not.toThrow('hunter2')
  })

  it.each([
    ['https://ledger.example', 'https://ledger.example/'],
    ['https://example.org/ledger', 'https://example.org/ledger/'],
    ['http://localhost:8787', 'http://localhost:8787/'],
    ['http://127.1.2.3/', 'http://127.1.2.3/'],
    ['http://[::1]:80/', 'http://[::1]/'],
  ])('%s is an address', (given, href) => {
    expect(ledgerAddress(given).href).toBe(href)
  })

  it('explains itself', async () => {
    expect(await ask(['--help'])).toMatchObject({ exit: 0, out: expect.stringContaining('--token-file') })
  })
})

describe('a question', () => {
  it('is one POST with the person in its body and the token in its header', async () => {
    const seen: string[] = []
    const url = await served((request, response) => {
      const { method, headers, url: path } = request
      request.on('data', (part) => {
        seen.push(`${method} ${path} ${headers.authorization} ${headers['accept-language']} ${part}`)
      })
      request.on('end', () => response.writeHead(503, { 'retry-after': '7' }).end('{"code":"unavailable"}'))
    })
    const { exit, err } = await ask([
      'status',
      ...questioned(`${url}/eu`),
      '--lang',
      'sv',
      '--at',
      '2026-01-01T01:00:00+01:00',
    ])
    expect(seen).toEqual([
      'POST /eu/v1/audit/consents Bearer a.secret.token sv ' +
        '{"controller":"acme","subject":{"type":"email","id":"kim@example.org"},"purposeId":"news","at":"2026-01-01T00:00:00.000Z"}',
    ])
    expect([exit, err]).toEqual([1, 'the ledger refuses (503, unavailable); try again in 7 s\n'])
  })

  it('does not follow a redirect, which could lead the token elsewhere', async () => {
    let reached = 0
    const other = await served((_, response) => {
      reached += 1
      response.end('{}')
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await answering('', status, { location: `${other}/v1/audit/consents` })
      const { exit, err } = await ask(['status', ...questioned(url)])
      expect([exit, err]).toEqual([1, expect.stringContaining(`redirects (${status})`)])
    }
    expect(reached).toBe(0)
  })
})

const finding = {
  status: 'Given',
  sentence: 'It is so.',
  reason: 'decided',
  demonstrable: true,
  knownThen: { status: 'Given' },
}
const at = '2026-01-01T00:00:00.000Z'

describe('an answer', () => {
  it.each<[string, unknown, number?]>([
    ['of no bytes', ''],
    ['of HTML', '<html>'],
    ['of null', 'null'],
    ['of a number', 1],
    ['without consents', { at, knownAt: at }],
    ['with consents that are no list', { at, knownAt: at, consents: 'many' }],
    ['with a consent that is null', { at, knownAt: at, consents: [null] }],
    ['with a status that is no text', { at, knownAt: at, consents: [{ ...finding, status: 7 }] }],
    ['without a sentence', { at, knownAt: at, consents: [{ ...finding, sentence: undefined }] }],
    ['of an odd refusal', { code: 7 }, 400],
    ['of a web server', '<h1>Not found</h1>', 404],
  ])('%s is one sentence and exit code 1', async (_, body, status = 200) => {
    const { exit, out, err } = await ask(['status', ...questioned(await answering(body, status))])
    expect([exit, out]).toEqual([1, ''])
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(err).not.toContain('    at ')
  })

  it('cannot steer the terminal', async () => {
    const evil = '\u001b[2J\u202e\u009b31m\rVALID'
    const told = {
      ...finding,
      purposeId: evil,
      status: evil,
      sentence: evil,
      reason: evil,
      decidedBy: evil,
      shown: evil,
      lacks: [evil],
    }
    const status = await answering({ at: evil, knownAt: evil, consents: [told] })
    const timeline = await answering({
      ...{ at: evil, knownAt: evil, purposeId: evil },
      changes: [{ at: evil, status: evil, reason: evil, decidedBy: evil }],
      events: [{ times: { recordedAt: evil }, eventId: evil, decisions: [{ purposeId: evil, verb: evil }] }],
    })
    const refused = await answering({ code: evil, title: evil, field: evil, given: [evil] }, 400, {
      'retry-after': '1',
    })
    for (const argv of [
      ['status', ...questioned(status)],
      ['status', ...questioned(status), '--json'],
      ['timeline', ...questioned(timeline)],
      ['timeline', ...questioned(timeline), '--json'],
      ['status', ...questioned(refused)],
    ]) {
      const { out, err } = await ask(argv)
      expect(out + err).toContain('VALID')
      expect((out + err).replaceAll('\n', ''), argv.join(' ')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  })

  it('without end is left after its limit, and one that never comes after its time', async () => {
    const endless = await served((_, response) => {
      response.writeHead(400)
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more)
      }
      more()
    })
    expect(await ask(['status', ...questioned(endless)])).toMatchObject({
      exit: 1,
      err: expect.stringContaining('400'),
    })
    const silent = await served(() => {})
    const question = { controller: 'acme', subject: { type: 'email', id: 'kim@example.org' } }
    const asked = askLedger(ledgerAddress(silent), 'consents', 'a.b', question, { language: 'en', timeoutMs: 50 })
    await expect(asked).rejects.toThrow('does not answer in time')
  })

  it('from nobody is one sentence', async () => {
    const url = await answering('')
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
    expect(await ask(['status', ...questioned(url)])).toMatchObject({
      exit: 1,
      err: expect.stringContaining('cannot be reached'),
    })
  })
})

describe('a proof', () => {
  const question = {
    controller: 'acme',
    subject: { type: 'email', id: 'kim@example.org' },
    purposeId: 'news',
    at,
    knownAt: at,
  }

  it.each<[string, object]>([
    ['controller', { ...question, controller: 'other' }],
    ['subject', { ...question, subject: { type: 'email', id: 'lo@example.org' } }],
    ['purposeId', { ...question, purposeId: 'other' }],
    ['policyId', { ...question, policyId: 'terms' }],
    ['at', { ...question, at: '2026-01-02T00:00:00.000Z' }],
  ])('about another %s is not saved', async (member, other) => {
    const url = await answering({ format: 'consent-proof@1', question: other })
    const { exit, out, err } = await ask(['proof', ...questioned(url), '--at', at, '--out', file('other.json')])
    expect([exit, out, err]).toEqual([1, '', expect.stringContaining(`another question (${member})`)])
    await expect(access(file('other.json'))).rejects.toThrow('ENOENT')
  })

  it('that lacks something says when to ask again', async () => {
    const url = await answering({ question }, 200, { 'retry-after': '5' })
    const { exit, err } = await ask(['proof', ...questioned(url), '--out', file('pending.json')])
    expect([exit, err]).toEqual([0, expect.stringContaining('ask again in 5 s')])
  })
})

it('says the same in both languages, each in its own words', () => {
  const { en, sv } = askLanguages
  const wordsIn = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(wordsIn)
        : []
  expect(wordsIn(sv)).toHaveLength(wordsIn(en).length)
  const alike = wordsIn(sv).filter((word) => wordsIn(en).includes(word))
  expect(new Set(alike)).toEqual(new Set(['status']))
})
