/**
 * A server under load, in a process of its own: the one that `npm start` runs, with the flags that stand in package.json, or the
 * baseline with the same flags. It prints where it listens; the end of what it prints is kept, for when it fails.
 */
import { readFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { startProgram as start } from '../support/started-program.ts'
import { enginesOf } from './processes.ts'

const root = join(import.meta.dirname, '../..')
const maxLogLength = 4_000

export interface Program {
  readonly url: string
  readonly pid: number
  /** Process ids of the database engines that it started. */
  readonly engines: readonly number[]
  /** The end of what it printed. */
  log(): string
  /** Asks it to end, and returns when it has: engines closed, database files at rest. */
  stop(): Promise<void>
}

/** The server as users run it; with `off` without a log, which only the bench does. */
export async function startServer(dataFolder: string, log: 'on' | 'off' = 'on'): Promise<Program> {
  const { environment, flags, file } = await startScript()
  // All of the load comes from one address and one site.
  const argv = [...flags, file, '--port', '0', '--data', dataFolder, '--rate', 'off']
  const given = log === 'off' ? { ...environment, LEDGER_BENCH_LOG: 'off' } : environment
  return startProgram(given, argv, /^Consent ledger on (\S+)/m)
}

export async function startBaseline(dataFolder: string): Promise<Program> {
  const { environment, flags } = await startScript()
  const argv = [...flags, join(import.meta.dirname, 'baseline.ts'), dataFolder]
  return startProgram(environment, argv, /^Baseline on (\S+)/m)
}

/** From spawn to the first answer that needs the database, in milliseconds. The server is left running. */
export async function timeToFirstAnswer(
  dataFolder: string,
): Promise<{ readonly ms: number; readonly server: Program }> {
  const startedAt = performance.now()
  const server = await startServer(dataFolder)
  const status = await statusOf(`${server.url}/v1/controllers/ljungsten/policies`)
  const ms = performance.now() - startedAt
  if (status !== 200) throw new Error(`the first answer was ${status}, not 200`)
  return { ms, server }
}

export interface StartScript {
  readonly environment: Readonly<Record<string, string>>
  readonly flags: readonly string[]
  readonly file: string
}

/** `[exec] NAME=value... node --flag... file`, as it stands in package.json. */
export async function startScript(): Promise<StartScript> {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  )
  const words = (scripts.start ?? '').replace(/^exec /, '').split(' ')
  const command = words.findIndex((word) => !/^[A-Z_]+=/.test(word))
  const flags = words.slice(command + 1, -1)
  const file = words.at(-1)
  if (words[command] !== 'node' || file === undefined || flags.some((flag) => !flag.startsWith('--'))) {
    throw new Error(
      `the bench reads "[exec] node --flag... file" from package.json's start script, not "${scripts.start}"`,
    )
  }
  const assignments = words.slice(0, command).map((word) => /^(\w+)=(.*)$/.exec(word)?.slice(1) ?? [])
  return { environment: Object.fromEntries(assignments), flags, file }
}

/** The program ends with the bench, unless that is killed by signal 9; what is left then is a server on an ephemeral port. */
async function startProgram(
  environment: StartScript['environment'],
  argv: readonly string[],
  announces: RegExp,
): Promise<Program> {
  const ofServers = Object.keys(process.env).filter((name) => /^(HOST|PORT|LEDGER_.*)$/.test(name))
  const env = { ...Object.fromEntries(ofServers.map((name) => [name, undefined])), ...environment }
  const { child, ended, output, printed } = start([process.execPath, ...argv], { env })
  const killWithBench = () => void child.kill()
  process.once('exit', killWithBench)
  void ended.then(() => process.off('exit', killWithBench))

  const [, url = ''] = await printed(announces)
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    engines: await enginesOf(pid),
    log: () => output().slice(-maxLogLength),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    }).on('error', reject)
  })
}
