/**
 * The server that `npm start` starts, asked by schemathesis whatever its OpenAPI document allows, and some of what it does not: no answer
 * is a 5xx, and each has a documented status, media type, headers and schema.
 *
 * Twice: with names that exist, so that answers are more than refusals, and with any. Left out are:
 * the check `positive_data_acceptance`: rules between members, such as "exactly one of purposeId and policyId", are in descriptions only, because a
 * schema of all of them could not be read. The phase `coverage`: thousands of requests, which take minutes. Nor is a controller created:
 * schemathesis then asks about that controller, whose identity provider does not exist, and is rightly answered 503.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { type StartedProgram, startProgram } from '../support/started-program.ts'

const tools = inject('pythonTools')
const run = promisify(execFile)

const checks = [
  ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_headers_conformance'],
  ...['response_schema_conformance', 'unsupported_method', 'allow_header_conformance', 'ignored_auth'],
]

/** Examples of the document, and requests that its schemas allow. */
const positive = ['--phases', 'examples,fuzzing', '--mode', 'positive']

interface Archive {
  readonly log: { readonly entries: readonly { readonly response: { readonly status: number } }[] }
}

/** What schemathesis cannot find out by itself. */
interface Knowledge {
  readonly siteKey: string
  readonly token: string
  readonly ledgerToken: string
  readonly deviceSecret: string
  /** Values of parameters, `where.name`. */
  readonly names: Readonly<Record<string, string>>
}

describe.skipIf(tools === '').concurrent('schemathesis', () => {
  let folder: string
  let server: StartedProgram
  let url: string
  let known: Knowledge

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'api-'))
    const data = join(folder, 'ledger')
    server = startProgram(['npm', 'start', '--silent', '--', '--port', '0', '--data', data])
    await server.printed(/Ctrl-C stops it/)
    const demo = JSON.parse(await readFile(join(data, 'demo.json'), 'utf8'))
    url = demo.url
    const controller = `${url}/v1/controllers/ljungsten/policies/cookie-policy`
    const { texts } = await (await fetch(`${controller}/versions/2`)).json()
    const tokenFor = async (scope: string) =>
      (await run('npm', ['run', '--silent', 'token', '--', '--scope', scope, '--data', data])).stdout.trim()
    known = {
      siteKey: demo.sites['ljungsten/web'],
      token: await tokenFor('consent.audit consent.write consent.import consent.admin consent.erase'),
      ledgerToken: await tokenFor('ledger.admin'),
      deviceSecret: aDeviceSecret(),
      names: {
        'path.controller': 'ljungsten',
        'path.siteKey': demo.sites['ljungsten/web'],
        'path.policyId': 'cookie-policy',
        'path.version': '2',
        'path.sha256': texts[0].sha256,
        'path.file': 'banner.js',
        'query.from': '1',
        'query.to': '2',
      },
    }
  })
  afterAll(async () => {
    server?.child.kill()
    await server?.ended
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  /** The findings, as sentences; and `METHOD path` of what was answered with 2xx. */
  async function ask(name: string, names: Knowledge['names'], words: readonly string[]) {
    const settings = join(folder, `${name}.toml`)
    const [report, archive] = [join(folder, `${name}.json`), join(folder, `${name}.har`)]
    await writeFile(settings, settingsOf({ ...known, names }))
    const reports = ['--report-json-path', report, '--report-har-path', archive]
    const bounds = [
      '--exclude-path',
      '/v1/controllers',
      '--seed',
      '1',
      '--generation-database',
      'none',
      '--no-shrink',
      '--suppress-health-check',
      'filter_too_much',
    ]
    const command = ['--config-file', settings, 'run', `${url}/openapi.json`, ...bounds, ...reports, ...words]
    const printed = await run(join(tools, 'schemathesis'), command, { cwd: folder, maxBuffer: 1 << 26 }).then(
      ({ stdout }) => ({ text: stdout, code: 0 }),
      (failed) => ({ text: String(failed.stdout) + failed.stderr, code: Number(failed.code) }),
    )
    const { log }: Archive = JSON.parse(await readFile(archive, 'utf8'))
    const { operations } = JSON.parse(await readFile(report, 'utf8'))
    const successes = log.entries.filter(({ response }) => response.status < 300).length
    return { ...printed, successes, left: operations.total - operations.tested }
  }

  it('finds every answer to requests with names that exist as documented', async () => {
    const { text, code, successes, left } = await ask('real', known.names, [...positive, '-n', '10'])
    expect(code, text).toBe(0)
    expect(left).toBe(1)
    // Answers that are all refusals would show little.
    expect(successes).toBeGreaterThan(80)
  })

  it('finds every answer to requests with any names as documented', async () => {
    const { text, code, left } = await ask('any', {}, ['--phases', 'fuzzing', '-n', '5'])
    expect(code, text).toBe(0)
    expect(left).toBe(1)
  })
})

function authorised(paths: string, credential: string): string[] {
  const quoted = JSON.stringify
  return [
    '[[operations]]',
    `include-path-regex = ${quoted(paths)}`,
    `headers = { Authorization = ${quoted(credential)} }`,
  ]
}

function settingsOf({ siteKey, token, ledgerToken, deviceSecret, names }: Knowledge): string {
  const quoted = JSON.stringify
  return [
    '[parameters]',
    ...Object.entries(names).map(([name, value]) => `${quoted(name)} = ${quoted(value)}`),
    '[checks]',
    'enabled = false',
    ...checks.map((check) => `${check}.enabled = true`),
    '[auth.openapi.siteKey]',
    `api_key = ${quoted(siteKey)}`,
    ...authorised('^/v1/me/', `Device ${deviceSecret}`),
    // Any secret is a valid one: of a device that nobody has seen.
    'checks = { ignored_auth = { enabled = false } }',
    ...authorised('^/v1/controllers$', `Bearer ${ledgerToken}`),
    ...authorised(
      '^/v1/(audit|erasures|controllers/.*/(sites|origins|versions|presentations|retractions)$)|/(consents|legal-documents)/',
      `Bearer ${token}`,
    ),
    '',
  ].join('\n')
}
