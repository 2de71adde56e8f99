/** `consent-ledger import` against a running ledger: uploads, starts, waits, saves the report, and goes on when it is called again. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runConsentLedger } from '../../infra/command/commands.ts'
import { filesAt } from '../../infra/command/import-files.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let folder: string
let elsewhere: string
const file = (name: string) => join(folder, name)
beforeAll(async () => {
  ledger = await startLedger()
  folder = await mkdtemp(join(tmpdir(), 'consent-import-'))
  elsewhere = await mkdtemp(join(tmpdir(), 'consent-import-'))
  await writeFile(file('token'), await ledger.token('consent.import'))
  const settings = { system: 'didomi', site: 'web', format: 'didomi', purposes: { analytics: 'statistics' } }
  await writeFile(file('settings'), JSON.stringify(settings))
  await writeFile(
    file('a.json'),
    JSON.stringify([eventOf(1, '2025-01-01T10:00:00Z'), eventOf(2, '2025-01-01T10:00:00Z')]),
  )
  await writeFile(file('b.ndjson.gz'), gzipSync(`${JSON.stringify(eventOf(3, 'soon'))}\n`))
})
afterAll(async () => {
  await ledger.close()
  await rm(folder, { recursive: true })
  await rm(elsewhere, { recursive: true })
})

function eventOf(n: number, created_at: string) {
  const purposes = [{ id: 'analytics', enabled: n === 1 }]
  return { id: `cmd-${n}`, created_at, user: { organization_user_id: `cmd-${n}` }, consents: { purposes } }
}

async function run(...argv: string[]) {
  let [out, err] = ['', '']
  const terminal = { env: {}, isTty: false, stdin: async () => Buffer.of() }
  const exit = await runConsentLedger(['import', ...argv], {
    ...terminal,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { exit, out, err }
}

const given = (...more: string[]) => [
  ...[ledger.url, folder, '--controller', 'ljungsten', '--settings', file('settings'), '--token-file', file('token')],
  ...['--report', join(elsewhere, 'rejected.csv'), ...more],
]

it('shows what a dry run would record, and records nothing', async () => {
  const { exit, out, err } = await run(...given('--dry-run'))
  expect(exit, out + err).toBe(1)
  expect(err).toContain('Uploading a.json')
  expect(out).toContain('checked (dry run: nothing is recorded)\n3 records: 2 would be recorded, 0 skipped, 1 rejected')
  expect(out).toContain('Rejected for: bad-time 1')
  expect(out).toContain('"assurance": "imported"')
  expect((await readFile(join(elsewhere, 'rejected.csv'), 'utf8')).split('\r\n')[1]).toMatch(
    /^b\.ndjson\.gz,1,bad-time,soon is not a time/,
  )
})

it('leaves out its own reports, and what is no table', async () => {
  await writeFile(file('import-2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11-rejected.csv'), 'file,line\n')
  expect((await filesAt([folder])).map(({ name }) => name)).toEqual(['a.json', 'b.ndjson.gz'])
})

it('imports, and shows the same import when it is called again', async () => {
  const first = await run(...given())
  expect([first.exit, first.err]).toEqual([1, ''])
  expect(first.out).toContain(': done\n3 records: 2 recorded, 0 skipped, 1 rejected')
  expect((await run(...given())).out).toBe(first.out)
  const json = JSON.parse((await run(...given('--json'))).out.split('\nRejected')[0] ?? '')
  expect(json.counters).toEqual({ records: 3, accepted: 2, skipped: 0, rejected: 1 })
})

it.each([
  [['https://ledger.example'], 'give the address of a ledger, and a folder or files'],
  [['https://ledger.example', '/nowhere', '--controller', 'acme'], 'there is no /nowhere'],
  [['https://ledger.example', '.'], 'give --controller'],
])('%s: is called wrongly', async (argv, message) => {
  const { exit, err } = await run(...argv)
  expect([exit, err.split('\n')[0]]).toEqual([2, message])
})

it('says why the ledger refuses', async () => {
  await writeFile(file('other'), JSON.stringify({ system: 'x', site: 'nowhere', format: 'didomi' }))
  const { exit, err } = await run(...given('--settings', file('other')))
  expect(exit).toBe(1)
  expect(err).toContain('the ledger refuses (400, invalid-request)')
})
