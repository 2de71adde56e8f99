/**
 * `npm run restore`: restores entries and log of a deployed ledger into new tables, step by step, and checks each step. It never writes to
 * the ledger's own tables. Exit code 0: every step is ok. 1: a check failed. 2: it could not be done, or misuse.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import { createS3Client, s3Objects } from '../../functions/aws/s3-objects.ts'
import { tableRecovery } from '../../functions/aws/table-recovery.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import { couldNotBegin, Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { auditLedger } from '../local/fsck/audit-report.ts'
import {
  addressOf,
  type DeployedNames,
  deployedNames,
  deployedOptions,
  openDeployedLedger,
} from '../local/fsck/deployed-ledger.ts'
import { type Progress, progressOn } from '../local/progress.ts'
import { harmlessJson } from '../terminal-text.ts'
import { reportedDrill } from './reported-drill.ts'
import type { DrillNames, StepReport } from './restore-drill.ts'

const usage = `npm run restore -- --tables ENTRIES,LOG,VAULT [options]

The drill of a restore: point-in-time recovery of the tables entries and log into new tables, their policies, a count, and the audit that
decides whether they are the published log. The vault is read as it is. Nothing is written to the ledger's own tables, and what was
restored stays: the same call goes on from there. The credentials are those that the AWS SDK finds, with the rights of the function
self-audit and those to restore tables; with the right to put objects below operations/restore/, a report is kept (npm run operations).

Exit code 0: every step is ok. 1: a check failed. 2: it could not be done, or misuse.`

const options = {
  'dry-run': { help: 'check the tables and the instant, and say what would be done; nothing is made' },
  at: { placeholder: 'INSTANT', help: 'as 2026-11-30T12:00:00Z (default the latest to which both can be restored)' },
  prefix: { placeholder: 'TEXT', help: 'put before the names of the new tables', default: 'restored-' },
  json: { help: 'the report as JSON' },
  ...deployedOptions,
}

async function main(): Promise<void> {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const names = deployedNames(given, process.env)
  if (names === undefined) throw new Misuse('name the tables: --tables ENTRIES,LOG,VAULT')
  if (!given.prefix || !/^[\w.-]+$/.test(given.prefix))
    throw new Misuse(`--prefix takes letters, digits, "_", "-" and ".", and cannot be empty; not ${given.prefix}`)
  const at = given.at === undefined ? {} : { at: instantOf(given.at) }
  const client = createDynamoClient(addressOf(names, 'DYNAMODB'))
  const s3 = createS3Client(addressOf(names, 'S3'))
  const progress = progressOn(process.stderr)
  try {
    const isDryRun = given['dry-run'] !== undefined
    const reports = await reportedDrill(
      {
        recovery: tableRecovery(client),
        audit: (restored) => auditOf(names, restored, progress),
        sleep: (ms) => sleep(ms),
        progress: progress.show,
        objects: s3Objects(s3, names),
        clock: Date.now,
        random: pooledRandomness(),
        onUnkept: (error) => console.error(`The report of this drill could not be stored: ${error.message}`),
      },
      { source: { entries: names.entries, log: names.log }, prefix: given.prefix, isDryRun, ...at },
    ).finally(progress.end)
    console.log(given.json === undefined ? reports.map(lineOf).join('\n') : harmlessJson(reports))
    process.exitCode = reports.some(({ outcome }) => outcome === 'failed') ? 1 : 0
  } finally {
    client.destroy()
    s3.destroy()
  }
}

async function auditOf(names: DeployedNames, restored: DrillNames, { show }: Progress) {
  const opened = await openDeployedLedger({ ...names, ...restored })
  return auditLedger(opened, { redrive: false, progress: ({ phase, done }) => show(`audit: ${phase} ${done}`) })
}

function instantOf(text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new Misuse(`--at takes an instant in UTC, like 2026-11-30T12:00:00Z; not ${text}`)
  return at
}

function lineOf({ step, outcome, says }: StepReport): string {
  return `${step.padEnd(8)} ${outcome.padEnd(6)} ${says}`
}

run(main, couldNotBegin)
