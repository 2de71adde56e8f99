/**
 * `consent-ledger import`: uploads files of another tool, starts the import, shows how far it is, and saves the report of what was rejected. The id of
 * the import is made of the request and the files, so the same command again goes on where it was, or shows how it ended.
 */
import { writeFile } from 'node:fs/promises'
import type { ParseArgsConfig } from 'node:util'
import { Misuse } from '../command-line.ts'
import { harmless } from '../terminal-text.ts'
import { callLedger, isRecord, ledgerAddress } from './ask-ledger.ts'
import { type ExitCode, readCommandLine, type Terminal, text } from './command.ts'
import { type ImportAnswer, readImport } from './import-answer.ts'
import { fetchFile, filesAt, idOf, type SourceFile, uploadFile } from './import-files.ts'
import { readText } from './policy-of-options.ts'
import { readToken } from './token-input.ts'

export const importHelp = `consent-ledger import URL FOLDER|FILES ... --controller C --settings FILE [options]

Imports records of another tool, graded imported: uploads the files, starts, and waits for the end. The same command again goes on with the
same import. URL is the ledger's address, such as https://ledger.example. http is for localhost only.

  --controller C      who is responsible for the processing
  --settings FILE     JSON of the import: "system", "site", and "format" or, for any table, "mapping"; also "purposes", "policy" and
                      "identifierType". Members: ImportDraft in GET /reference; a whole one: shared/imports/README.md
  --format F          in place of the settings' format: usercentrics, didomi, commanders-act, cookie-script, cookie-compliance, c15t, ledger
  --dry-run           reads everything and records nothing; shows the first ten records as they would be recorded.
                      Records that are there already, or twice in the files, are counted without --dry-run only
  --notify            the events send messages, as live ones do
  --token-file FILE   the file with the token (scope consent.import); without it the token is read from standard input
  --report FILE       where the report of rejected records is saved (default: import-<id>-rejected.csv)
  --no-wait           ends when the import is started
  --json              the import as JSON
  --help              this text

Exit code: 0 every record is recorded (or would be), 1 some were rejected, or it failed, was refused or could not be reached, 2 called wrongly.`

const options: ParseArgsConfig['options'] = {
  ...{ controller: { type: 'string' }, settings: { type: 'string' }, format: { type: 'string' } },
  ...{ 'dry-run': { type: 'boolean' }, notify: { type: 'boolean' }, 'token-file': { type: 'string' } },
  ...{ report: { type: 'string' }, 'no-wait': { type: 'boolean' }, json: { type: 'boolean' } },
}

/** Polling is a read of two items. */
const pollMs = 1_000

export async function importCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const line = readCommandLine(argv, options)
  if (line === undefined) {
    terminal.out(`${importHelp}\n`)
    return 0
  }
  const { values, positionals } = line
  const [address, ...paths] = positionals
  if (address === undefined || paths.length === 0)
    throw new Misuse('give the address of a ledger, and a folder or files')
  const controller = text(values, 'controller')
  if (controller === undefined || !/^[a-z0-9-]{1,40}$/.test(controller)) throw new Misuse('give --controller')
  const files = await filesAt(paths)
  const settings = await readSettings(text(values, 'settings'))
  const format = text(values, 'format')
  const request = {
    ...settings,
    ...(format !== undefined && { format }),
    ...(settings.mapping !== undefined && { format: 'mapping' }),
    ...(values.notify === true && { notify: true }),
  }
  const token = await readToken(text(values, 'token-file'), terminal)
  const imports = new URL(`v1/controllers/${controller}/imports`, ledgerAddress(address))
  const importId = idOf(controller, request, files)
  const run = { imports, importId, token, files, terminal, isDry: values['dry-run'] === true }
  const started = await startOf(run, request)
  const ended = values['no-wait'] === true ? started : await endOf(run, started)
  if (values.json === true) terminal.out(`${JSON.stringify(ended, null, 2)}\n`)
  else terminal.out(`${summary(ended)}\n`)
  if (ended.preview !== undefined && values.json !== true)
    terminal.out(`As they would be recorded:\n${harmlessLines(await fetchFile(ended.preview.url))}\n`)
  if (ended.report !== undefined) {
    const report = text(values, 'report') ?? `import-${importId}-rejected.csv`
    await writeFile(report, await fetchFile(ended.report.url), { mode: 0o600 })
    terminal.out(`Rejected records: ${harmless(report)}\n`)
  }
  return ['failed', 'cancelled'].includes(ended.state) || ended.counters.rejected > 0 ? 1 : 0
}

interface Run {
  readonly imports: URL
  readonly importId: string
  readonly token: string
  readonly files: readonly SourceFile[]
  readonly terminal: Terminal
  readonly isDry: boolean
}

/** Asks, uploads what is missing, and starts; does of these what was not done yet. */
async function startOf(
  { imports, importId, token, files, terminal, isDry }: Run,
  request: object,
): Promise<ImportAnswer> {
  const named = files.map(({ name, bytes }) => ({ name, bytes }))
  const body = { ...request, importId, files: named }
  const asked = readImport((await callLedger(imports, token, { method: 'POST', body })).json)
  for (const [i, { upload }] of asked.files.entries()) {
    const file = files[i]
    if (upload === undefined || file === undefined) continue
    terminal.err(`Uploading ${harmless(file.name)} (${file.bytes} bytes)\n`)
    await uploadFile(file, upload.url)
  }
  const isStarted = !['awaiting-files', 'checked'].includes(asked.state) || (isDry && asked.state === 'checked')
  if (isStarted) return asked
  const start = new URL(`${imports}/${importId}/start`)
  return readImport((await callLedger(start, token, { method: 'POST', body: { dryRun: isDry } })).json)
}

async function endOf({ imports, importId, token, terminal }: Run, started: ImportAnswer): Promise<ImportAnswer> {
  let latest = started
  while (['queued', 'running'].includes(latest.state)) {
    show(terminal, latest)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    try {
      latest = readImport((await callLedger(new URL(`${imports}/${importId}`), token, { method: 'GET' })).json)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new Error(`${message}. The import goes on; the same command shows how far it is`)
    }
  }
  if (terminal.isTty) terminal.err('\r\u001b[K')
  return latest
}

const barWidth = 30

function show(terminal: Terminal, { progress, counters, state }: ImportAnswer): void {
  if (!terminal.isTty) return
  const full = Math.round(progress * barWidth)
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full)
  terminal.err(`\r\u001b[K${bar} ${Math.floor(progress * 100)} %  ${counters.records} records (${state})`)
}

function summary({ importId, state, dryRun, counters, errors, failure }: ImportAnswer): string {
  const { records, accepted, skipped, rejected } = counters
  const reasons = Object.entries(errors).map(([reason, count]) => `${harmless(reason)} ${count}`)
  return [
    `Import ${importId}: ${harmless(state)}${dryRun ? ' (dry run: nothing is recorded)' : ''}${failure ? `, ${harmless(failure)}` : ''}`,
    `${records} records: ${accepted} ${dryRun ? 'would be recorded' : 'recorded'}, ${skipped} skipped, ${rejected} rejected`,
    ...(reasons.length > 0 ? [`Rejected for: ${reasons.join(', ')}`] : []),
  ].join('\n')
}

const harmlessLines = (bytes: Uint8Array): string => Buffer.from(bytes).toString().split('\n').map(harmless).join('\n')

async function readSettings(file: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  if (file === undefined) throw new Misuse('give --settings FILE, with "system" and "site" at least')
  let json: unknown
  try {
    json = JSON.parse(await readText(file))
  } catch (error) {
    throw error instanceof Misuse ? error : new Misuse(`${file} is not JSON`)
  }
  if (!isRecord(json)) throw new Misuse(`${file} is not a JSON object`)
  return json
}
