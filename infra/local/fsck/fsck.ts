/**
 * `npm run fsck`: the self-audit of a ledger on this machine, or from this machine of a deployed one. Exit code 0: tables, vault, objects and
 * log agree. 1: findings. 2: nothing could be compared. It repairs nothing; `--redrive` sequences entries that were never announced, and keeps a
 * report of that (`npm run operations`).
 */
import { couldNotBegin, Misuse, run } from '../../command-line.ts'
import { harmlessJson } from '../../terminal-text.ts'
import { readArguments } from '../arguments.ts'
import { defaultDataFolder } from '../data/data-folder.ts'
import { progressOn } from '../progress.ts'
import { auditLedger } from './audit-report.ts'
import { deployedNames, deployedOptions, openDeployedLedger } from './deployed-ledger.ts'
import { reportText } from './report-text.ts'
import { openStoppedLedger } from './stopped-ledger.ts'

const usage = `npm run fsck -- [options]
npm run fsck -- --tables ENTRIES,LOG,VAULT [options]

Compares everything that a ledger has stored: tables, vault, objects and log. On this machine the server must be stopped.

A deployed ledger may be at work meanwhile, and nothing is written. The credentials are those that the AWS SDK finds, with the rights
of the function self-audit. What is not given is taken from the environment, where variables have the names that the function knows.

Exit code 0: clean. 1: findings. 2: it could not be done, or misuse.`

// `open` reads the environment and the default, because they apply only when no tables are named.
const options = {
  data: {
    help: `folder of the data of a ledger on this machine (env LEDGER_DATA, default ${defaultDataFolder})`,
    placeholder: 'DIR',
  },
  redrive: { help: 'then sequence and publish the entries that have no leaf, in logs that are sound' },
  'dry-run': { help: 'with --redrive: say what it would do, and write nothing' },
  json: { help: 'the report as JSON; its "redrive" holds events for the function of that name' },
  ...deployedOptions,
}

async function main(): Promise<void> {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  if (given['dry-run'] !== undefined && given.redrive === undefined)
    throw new Misuse('--dry-run goes with --redrive: without it fsck writes nothing anyway')
  const { place, opened } = await open(given)
  const progress = progressOn(process.stderr)
  const report = await auditLedger(opened, {
    redrive: given.redrive !== undefined,
    dryRun: given['dry-run'] !== undefined,
    progress: ({ phase, done }) => progress.show(`${phase} ${done}`),
  }).finally(progress.end)
  console.log(given.json === undefined ? reportText(place, report) : harmlessJson(report))
  process.exitCode = report.clean ? 0 : 1
}

async function open(given: Readonly<Record<keyof typeof options, string | undefined>>) {
  const deployed = deployedNames(given, process.env)
  if (deployed === undefined) {
    const place = given.data ?? process.env.LEDGER_DATA ?? defaultDataFolder
    return { place, opened: await openStoppedLedger(place, Date.now) }
  }
  if (given.redrive !== undefined || given.data !== undefined) {
    throw new Misuse(
      '--data and --redrive are for a ledger on this machine. A deployed one is redriven by its function: ' +
        '--json, and each event in "redrive" goes to it (infra/runbook.md#redriving-by-hand).',
    )
  }
  return {
    place: `${deployed.entries}, ${deployed.log} and ${deployed.vault}`,
    opened: await openDeployedLedger(deployed),
  }
}

run(main, couldNotBegin)
