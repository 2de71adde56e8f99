/** `npm run bench`: measures the server that `npm start` runs, over real HTTP, against the aims that it was built for. */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Misuse, run } from '../../infra/command-line.ts'
import { readArguments } from '../../infra/local/arguments.ts'
import { findDynoxide } from '../../infra/local/engine/dynoxide.ts'
import { textTable } from '../../infra/text-layout.ts'
import { checksHead, checksRows, measureChecks } from './checks.ts'
import { type ColdStartPlan, measureColdStarts } from './cold-start.ts'
import { defaultExported, exportsHead, exportsRows, measureExports } from './exports.ts'
import { type FrontendPlan, measureFrontends } from './frontends.ts'
import { defaultRecords, importsHead, importsRow, measureImports } from './imports.ts'
import { type LogPart, type LogPlan, logParts, measureLog } from './log.ts'
import { describeMachine, describeSoftware } from './machine.ts'
import { measure, type Plan } from './measure.ts'
import { reportOf } from './report.ts'
import {
  ceilingPlans,
  ceilingsHead,
  ceilingsRows,
  measureCeilings,
  steadyHead,
  steadyPlans,
  steadyRows,
} from './scale/ceilings.ts'
import { soak, soakMinutes } from './soak.ts'
import { tableOf, tablesOf } from './table.ts'

const usage = `npm run bench -- [options]

Measures four parts, or with --only one of them, and prints the ratios to the baselines last. Takes about ten minutes; wants two idle
cores and 1 GB in the folder for temporary files (TMPDIR; 3 GB for a million leaves on the engine).

  server      writes of new and of known subjects, reads of a subject's state, and proofs, on an empty store and on one with 100,000
              events; its baselines are one bare insert per request, and a handler that does nothing
  log         hashing and tree against raw SHA-256; growth to 300,000 leaves without a database; sequencer and proofs with 50,000 on
              the embedded engine; verification in Node and in Chromium (Debian's, or env CHROMIUM); its cost to writes
  cold-start  each deployed bundle in a process of its own, beside a bare Node
  frontends   what the SDK, the banner and their like cost a page in Chromium; a decision on a slow connection

Five parts run only with --only:

  soak        steady load, with memory, file descriptors and latency for each minute
  checks      POST /v1/checks for 100 people of a list of 4,000; half a minute
  imports     records a second of an import of 100,000 (--records N), and the server's memory meanwhile
  exports     events a second of exports in each format, of 20,000 (--records N), and the server's memory meanwhile
  scale       ceilings on a model of AWS, in simulated time, for infra/scale.md; a minute, and needs no idle cores

Exit code 0: measured, also when an aim was missed, which the last table shows. 1: a request failed. 2: misuse.

Progress goes to standard error; silence it with npm run --silent bench -- --json 2>/dev/null.`

const partNames = [
  'server',
  'log',
  'cold-start',
  'frontends',
  'soak',
  'checks',
  'imports',
  'exports',
  'scale',
  ...logParts.map((part) => `log-${part}`),
]

const options = {
  only: { help: `one part: ${partNames.join(', ')}`, placeholder: 'PART' },
  leaves: {
    help: 'size of the log, both without a database and on the engine: 1000000 with --only log is the big one',
    placeholder: 'N',
  },
  records: {
    help: `records of --only imports (${defaultRecords} when absent) and exports (${defaultExported})`,
    placeholder: 'N',
  },
  minutes: { help: `length of --only soak; ${soakMinutes} when absent`, placeholder: 'N' },
  json: { help: 'one JSON document on standard output, with all figures, instead of tables' },
  quick: { help: '10,000 events, one round of short runs: about two minutes, for development' },
}

interface WholePlan extends Plan, LogPlan {
  readonly coldStarts: ColdStartPlan
  readonly frontends: FrontendPlan
}

/** Rounds differ by up to half, because the machine's speed changes within minutes. So there are three rounds, and their runs are short. */
const full: WholePlan = {
  ...{ rounds: 3, secondsPerRun: 1.5, loadedEvents: 100_000, starts: 3 },
  ...{ pureLeaves: 300_000, engineLeaves: 50_000, writes: { rounds: 2, secondsPerRun: 1.5 } },
  coldStarts: { spawns: 4 },
  frontends: { loads: 5, slowVisits: 1 },
}
const quick: WholePlan = {
  ...{ rounds: 1, secondsPerRun: 1.5, loadedEvents: 10_000, starts: 2 },
  ...{ pureLeaves: 100_000, engineLeaves: 10_000, writes: { rounds: 1, secondsPerRun: 1.5 } },
  coldStarts: { spawns: 3 },
  frontends: { loads: 3, slowVisits: 1 },
}

async function main(): Promise<void> {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  if (given.only === 'scale') {
    const progress = (line: string) => console.error(line)
    const ceilings = await measureCeilings(ceilingPlans, progress)
    const steady = await measureCeilings(steadyPlans, progress)
    const tables = [textTable(ceilingsHead, ceilingsRows(ceilings)), textTable(steadyHead, steadyRows(steady))]
    console.log(given.json ? JSON.stringify([...ceilings, ...steady], null, 2) : tables.join('\n\n'))
    return
  }
  if (process.platform !== 'linux') throw new Error('the bench reads CPU time and memory from /proc: it needs Linux')
  const plan = withLeaves(given.quick ? quick : full, given.leaves)
  const parts = partsOf(given.only)
  const folder = await mkdtemp(join(tmpdir(), 'consent-ledger-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

  const startedAt = new Date()
  const elapsedSeconds = () => (Date.now() - startedAt.getTime()) / 1000
  const progress = (line: string) => console.error(`${elapsedSeconds().toFixed(0).padStart(4)} s  ${line}`)
  if (given.only === 'soak') {
    const rows = await soak(minutesOf(given.minutes), folder, progress)
    console.log(given.json ? JSON.stringify(rows, null, 2) : tableOf(rows))
    failAfter(rows.reduce((sum, row) => sum + row.failedRequests, 0))
    return
  }
  if (given.only === 'checks') {
    const rows = await measureChecks(folder, given.quick ? 2 : 8, progress)
    console.log(given.json ? JSON.stringify(rows, null, 2) : textTable(checksHead, checksRows(rows)))
    failAfter(rows.reduce((sum, row) => sum + row.failedRequests, 0))
    return
  }
  if (given.only === 'imports') {
    const found = await measureImports(folder, recordsOf(given.records), progress)
    console.log(given.json ? JSON.stringify(found, null, 2) : textTable(importsHead, [importsRow(found)]))
    return
  }
  if (given.only === 'exports') {
    const found = await measureExports(folder, recordsOf(given.records, defaultExported), progress)
    console.log(given.json ? JSON.stringify(found, null, 2) : textTable(exportsHead, exportsRows(found)))
    return
  }
  if (given.records !== undefined) throw new Misuse('--records is for --only imports and exports')
  if (given.minutes !== undefined) throw new Misuse('--minutes is for --only soak')
  const machine = await describeMachine(folder)
  const coldStarts = parts.coldStart ? await measureColdStarts(plan.coldStarts, folder, progress) : undefined
  const frontends = parts.frontends ? await measureFrontends(plan.frontends, progress) : undefined
  const server = parts.server ? await measure(plan, folder, progress) : undefined
  const log = parts.log.size > 0 ? await measureLog(plan, parts.log, folder, progress) : undefined
  const software = await describeSoftware(findDynoxide() === undefined ? 'DynamoDB Local' : 'Dynoxide')
  const report = reportOf(
    { startedAt: startedAt.toISOString(), tookSeconds: elapsedSeconds(), plan, machine, software },
    { server, log, coldStarts, frontends },
  )
  console.log(given.json ? JSON.stringify(report, null, 2) : tablesOf(report))
  failAfter(report.failedRequests)
}

function failAfter(failedRequests: number): void {
  if (failedRequests > 0) throw new Error(`${failedRequests} requests failed: the figures mean nothing`)
}

function recordsOf(given: string | undefined, otherwise = defaultRecords): number {
  const records = given === undefined ? otherwise : Number(given)
  if (!Number.isInteger(records) || records < 1_000) throw new Misuse(`--records is 1000 or more, not ${given}`)
  return records
}

function minutesOf(given: string | undefined): number {
  const minutes = Number(given ?? soakMinutes)
  if (!Number.isSafeInteger(minutes) || minutes < 1) throw new Misuse(`--minutes is 1 or more, not ${given}`)
  return minutes
}

function withLeaves(plan: WholePlan, given: string | undefined): WholePlan {
  if (given === undefined) return plan
  const leaves = Number(given)
  if (!Number.isSafeInteger(leaves) || leaves < 1_000) throw new Misuse(`--leaves is 1000 or more, not ${given}`)
  return { ...plan, pureLeaves: leaves, engineLeaves: leaves }
}

function partsOf(only: string | undefined) {
  if (only !== undefined && !partNames.includes(only))
    throw new Misuse(`--only is ${partNames.join(' or ')}, not ${only}`)
  const has = (name: string) => only === undefined || only === name
  const log = new Set<LogPart>(logParts.filter((part) => has('log') || only === `log-${part}`))
  return { server: has('server'), log, coldStart: has('cold-start'), frontends: has('frontends') }
}

run(main)
