/** `consent-ledger export`: asks a ledger for an export and fetches it, and `export verify`, which checks one that was fetched. */
import type { ParseArgsConfig } from 'node:util'
import { Misuse } from '../command-line.ts'
import { harmless, harmlessJson } from '../terminal-text.ts'
import { ledgerAddress } from './ask-ledger.ts'
import { coloured, type ExitCode, readCommandLine, type Terminal, text, texts } from './command.ts'
import { askExport, type ExportState, exportIdFor, fetchFiles, keepExportId, untilDone } from './export-fetch.ts'
import { type ExportCheck, verifyExport } from './export-verify.ts'
import { httpLog } from './http-log.ts'
import { instantOption } from './instant-option.ts'
import { policyFrom } from './policy-of-options.ts'
import { readToken } from './token-input.ts'

export const exportHelp = `consent-ledger export URL --controller C --out DIR [options]
consent-ledger export verify DIR [options]

Fetches what a controller's ledger has as files: asks for an export, waits for it, saves its files and its manifest in DIR, and checks
them. The same command with the same DIR goes on where it was cut off; another DIR gets a new export, as things stand then. URL is the ledger's address, such as https://ledger.example.
Everyone whose consent to version 2 stands: --what statuses --purpose newsletter --version 2 --status Given --status RenewedGiven

  --controller C        whose log
  --out DIR             where to save
  --what WHAT           events (default): what was recorded. statuses: how each subject stands
  --format FORMAT       ndjson (default), csv or parquet
  --compression C       gzip (default), zstd or none
  --identifiers HOW     hashed (default), clear (takes the scope consent.export.clear) or none
  --purpose P           only this purpose
  --policy-id P         only this policy
  --version V           only where this version was shown
  --from, --until TIME  events recorded in this period, RFC 3339 with its zone: 2026-03-01T12:00:00Z
  --status S            statuses: only this one; may be repeated
  --at TIME             statuses: at this instant (default: now)
  --export-id UUID      a name of your own, or that of an export to be fetched again (default: a new one, kept in DIR/export-id)
  --token-file FILE     the file with the token (scope consent.export); without it the token is read from standard input

verify checks the files in DIR, offline: that none is missing or was changed, and that the manifest accounts for each leaf of the log's range.

  --sha256 HASH         the manifest's hash, as the ledger states it: shows that the manifest was not changed either
  --log URL             the log's address, https://ledger.example/log/C: compares each row's leaf with it. It takes NDJSON or CSV: of
                        Parquet only the files' hashes are checked
  --key VKEY            with --log: the verifier key that you trust; may be repeated
  --policy FILE         with --log: a policy in place of keys (c2sp.org/tlog-policy)

  --json                the result as JSON
  --help                this text

Exit code: 0 saved and sound, 1 refused, failed or not sound, 2 called wrongly.`

const options: ParseArgsConfig['options'] = {
  ...{ controller: { type: 'string' }, out: { type: 'string' }, what: { type: 'string' }, format: { type: 'string' } },
  ...{ compression: { type: 'string' }, identifiers: { type: 'string' }, purpose: { type: 'string' } },
  ...{ 'policy-id': { type: 'string' }, version: { type: 'string' }, from: { type: 'string' } },
  ...{ until: { type: 'string' }, status: { type: 'string', multiple: true }, at: { type: 'string' } },
  ...{ 'export-id': { type: 'string' }, 'token-file': { type: 'string' }, sha256: { type: 'string' } },
  ...{ log: { type: 'string' }, key: { type: 'string', multiple: true }, policy: { type: 'string' } },
  json: { type: 'boolean' },
}

type Values = NonNullable<ReturnType<typeof readCommandLine>>['values']

export async function exportCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const line = readCommandLine(argv, options)
  if (line === undefined) {
    terminal.out(`${exportHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [first, folder, ...more] = positionals
  if (first !== 'verify') {
    if (first === undefined || folder !== undefined) throw new Misuse('give one address of a ledger')
    return fetchExport(ledgerAddress(first), values, terminal)
  }
  if (folder === undefined || more.length > 0) throw new Misuse('export verify takes one folder')
  return report(await verified(folder, values), values, terminal)
}

async function verified(folder: string, values: Values, sha256 = text(values, 'sha256')): Promise<ExportCheck> {
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) throw new Misuse('--sha256 has 64 hex digits')
  const address = text(values, 'log')
  const [keys, policy] = [texts(values, 'key'), text(values, 'policy')]
  if (address === undefined && (keys.length > 0 || policy !== undefined))
    throw new Misuse('--key and --policy go with --log')
  const log = address === undefined ? undefined : { source: httpLog(address), policy: await policyFrom(keys, policy) }
  return verifyExport(folder, sha256, log)
}

async function fetchExport(ledger: URL, values: Values, terminal: Terminal): Promise<ExitCode> {
  const [controller, folder] = [text(values, 'controller'), text(values, 'out')]
  if (controller === undefined || !/^[a-z0-9-]{1,40}$/.test(controller)) throw new Misuse('give --controller')
  if (folder === undefined) throw new Misuse('give --out DIR, where to save')
  const asked = requestIn(values)
  const token = await readToken(text(values, 'token-file'), terminal)
  const request = { exportId: await exportIdFor(folder, text(values, 'export-id')), ...asked }
  const exports = new URL(`v1/controllers/${controller}/exports`, ledger)
  const source = { exports, token, exportId: request.exportId }
  await askExport(source, request)
  await keepExportId(folder, request.exportId)
  const state = await untilDone(source, (now) => showProgress(now, terminal))
  if (terminal.isTty) terminal.err('\n')
  if (state.state !== 'done') {
    terminal.err(
      `${harmless(`the export ${request.exportId} is ${state.state}${state.failure ? `: ${state.failure}` : ''}`)}\n`,
    )
    return 1
  }
  await fetchFiles(source, folder, (name) => terminal.isTty && terminal.err(`${harmless(name)}\n`))
  return report(await verified(folder, values, state.manifestSha256), values, terminal)
}

function showProgress({ progress, rows, state }: ExportState, terminal: Terminal): void {
  if (terminal.isTty) terminal.err(`\r${harmless(state)}: ${Math.floor(progress * 100)} %, ${rows} rows `)
}

function requestIn(values: Values) {
  const given = (name: string) => text(values, name)
  const optional = Object.entries({
    compression: given('compression'),
    purposeId: given('purpose'),
    policyId: given('policy-id'),
    version: given('version'),
    from: instantOption(values, 'from'),
    until: instantOption(values, 'until'),
    at: instantOption(values, 'at'),
    statuses: texts(values, 'status').length > 0 ? texts(values, 'status') : undefined,
  }).filter(([, value]) => value !== undefined)
  return {
    ...{ what: given('what') ?? 'events', format: given('format') ?? 'ndjson' },
    identifiers: given('identifiers') ?? 'hashed',
    ...Object.fromEntries(optional),
  }
}

function report(check: ExportCheck, values: Values, terminal: Terminal): ExitCode {
  const isSound = check.wrong.length === 0
  if (values.json === true) terminal.out(`${harmlessJson(check)}\n`)
  else {
    const { origin, asOf, rows, files, leaves, compared, log, manifestSha256 } = check
    const counts = Object.entries(leaves).filter(([, n]) => n > 0)
    const lines = [
      `log       ${origin}`,
      `as of     ${asOf}`,
      `rows      ${rows} in ${files} files`,
      `leaves    ${counts.map(([fate, n]) => `${n} ${fate}`).join(', ') || 'none'}`,
      `manifest  ${manifestSha256}`,
      ...(log ? [`compared  ${compared} rows with the log of size ${log.size ?? '?'}`] : []),
      ...check.wrong.map((what) => `wrong     ${what}`),
    ]
    const verdict = isSound
      ? `${coloured(terminal, 'green', 'SOUND')}: the files are those of the manifest, and it accounts for each leaf.`
      : coloured(terminal, 'red', 'NOT SOUND')
    terminal.out(`${lines.map(harmless).join('\n')}\n\n${verdict}\n`)
  }
  return isSound ? 0 : 1
}
