/**
 * `npm run fsck`: the self-audit of a ledger on this machine. The exit code is 0 when tables, vault, objects and log agree, 1 when
 * something was found, 2 when nothing could be compared. Nothing is repaired; `--redrive` gives what was never announced its leaf.
 */
import { parseArgs } from 'node:util'
import type { Progress } from '../../shared/ledger/audit/self-audit.ts'
import { defaultDataFolder } from './data-folder.ts'
import { reportText } from './self-audit-report.ts'
import { runAudit } from './self-audit-run.ts'

const usage = `npm run fsck -- [options]

Compares everything that a ledger on this machine has stored: tables, vault, objects and log. The server must be stopped.

  --data DIR              folder of the data (env LEDGER_DATA, default ${defaultDataFolder})
  --json                  the report as JSON
  --redrive               then sequence and publish the entries that have no leaf, in logs that are sound
  --help                  this text

Exit code 0: clean. 1: findings. 2: it could not be done.`

const options = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  redrive: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

async function main(): Promise<number> {
  const { values } = parseArgs({ args: process.argv.slice(2), options, strict: true, allowPositionals: false })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const dataFolder = values.data ?? process.env.LEDGER_DATA ?? defaultDataFolder
  const progress = progressOn(process.stderr)
  const report = await runAudit({
    dataFolder,
    clock: Date.now,
    redrive: values.redrive === true,
    progress: progress.tell,
  })
  progress.end()
  console.log(values.json ? JSON.stringify(report, null, 2) : reportText(dataFolder, report))
  return report.clean ? 0 : 1
}

const tellEveryMs = 1_000

/** One line that is written over on a terminal; elsewhere a line now and then. */
function progressOn(stream: NodeJS.WriteStream): { tell(progress: Progress): void; end(): void } {
  let toldAt = Date.now()
  let isOnLine = false
  return {
    tell({ phase, done }) {
      if (Date.now() - toldAt < tellEveryMs) return
      toldAt = Date.now()
      isOnLine = stream.isTTY
      stream.write(stream.isTTY ? `\r\x1b[K${phase} ${done}` : `${phase} ${done}\n`)
    },
    end() {
      if (isOnLine) stream.write('\r\x1b[K')
    },
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
