/**
 * A server under load, in a process of its own: the one that `npm start` runs, with the flags that stand in package.json, or the
 * baseline with the same flags. It says on standard output where it listens; its standard error is kept for when it fails.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { enginesOf } from './processes.ts'

const root = join(import.meta.dirname, '../..')
const patienceMs = 20_000
const maxLogLength = 4_000

export interface Program {
  readonly url: string
  readonly pid: number
  /** Of the database engines that it started. */
  readonly engines: readonly number[]
  /** What it wrote to standard error, its end. */
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

/** Ended with us, too, however we end but for a kill -9; what is left then is the server, on an ephemeral port. */
async function startProgram(
  environment: StartScript['environment'],
  argv: readonly string[],
  announces: RegExp,
): Promise<Program> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(HOST|PORT|LEDGER_.*)$/.test(name))
  const env = { ...Object.fromEntries(inherited), ...environment }
  const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const killWithUs = () => void child.kill()
  process.once('exit', killWithUs)
  void exited.then(() => process.off('exit', killWithUs))

  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-maxLogLength)
  })
  const announced = Promise.withResolvers<string>()
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (printed.length > maxLogLength) return
    printed += text
    const url = announces.exec(printed)?.[1]
    if (url !== undefined) announced.resolve(url)
  })
  const timer = setTimeout(() => announced.reject(new Error(`${argv.join(' ')} did not start: ${log}`)), patienceMs)
  const ended = exited.then(() => Promise.reject(new Error(`${argv.join(' ')} ended: ${log}`)))
  const url = await Promise.race([announced.promise, ended]).finally(() => clearTimeout(timer))
  ended.catch(() => {})

  const pid = child.pid ?? 0
  let engines: readonly number[] | undefined
  return {
    url,
    pid,
    get engines() {
      engines ??= enginesOf(pid)
      return engines
    },
    log: () => log,
    async stop() {
      child.kill('SIGTERM')
      await exited
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
