/** `npm run bench`: measures the server that `npm start` runs, over real HTTP, against the aims that it was built for. */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine, describeSoftware } from './machine.ts'
import { measure, type Plan } from './measure.ts'
import { reportOf } from './report.ts'
import { tablesOf } from './table.ts'

const help = `npm run bench -- [options]

Measures writes of new and of known subjects, reads of a subject's state, and proofs, on an empty store and on one with 100,000
events, beside two baselines in the same run: one bare insert per request, and a handler that does nothing. Takes about eight
minutes, wants two idle cores and 1 GB in the folder for temporary files (TMPDIR). Exit code 1 if any request failed; an aim that
was missed is told, and is no failure.

  --json     one JSON document on standard output, with all figures, instead of tables
  --quick    10,000 events, one round of short runs: less than a minute and a half, for development
  --help     this text

Progress goes to standard error; silence it with npm run --silent bench -- --json 2>/dev/null.`

const full: Plan = { rounds: 3, secondsPerRun: 3.5, loadedEvents: 100_000, starts: 5 }
const quick: Plan = { rounds: 1, secondsPerRun: 1.5, loadedEvents: 10_000, starts: 2 }

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(help)
    return
  }
  if (process.platform !== 'linux') throw new Error('the bench reads CPU time and memory from /proc: it needs Linux')
  const plan = values.quick ? quick : full
  const folder = await mkdtemp(join(tmpdir(), 'consent-ledger-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

  const startedAt = new Date()
  const elapsedSeconds = () => (Date.now() - startedAt.getTime()) / 1000
  const tell = (line: string) => console.error(`${elapsedSeconds().toFixed(0).padStart(4)} s  ${line}`)
  const machine = await describeMachine(folder)
  const measured = await measure(plan, folder, tell)
  const software = await describeSoftware(measured.engine)
  const report = reportOf(plan, startedAt.toISOString(), elapsedSeconds(), machine, software, measured)
  console.log(values.json ? JSON.stringify(report, null, 2) : tablesOf(report))
  if (report.failedRequests > 0) throw new Error(`${report.failedRequests} requests failed: the figures mean nothing`)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
