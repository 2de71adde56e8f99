/**
 * One database engine as a child process that always ends with this process, and never before it.
 *
 * A shell stands between the two and reads a pipe whose other end only this process holds. When this process ends, even by `kill -9`, the
 * pipe closes and the shell ends the engine, by SIGTERM and after two seconds by SIGKILL. Both run in a session of their own, so a Ctrl-C in
 * the terminal reaches only this process, and the engine answers until shutdown is complete. A service manager that signals every process
 * ends the engine and not the shell, which then ends by itself. Files that the engine creates are private to this user. A limit on file sizes
 * acts like a full disk: writes fail, and the engine goes on.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { LedgerError } from '../../../shared/errors.ts'
import { type EngineAddress, engineAddresses, engineEndpoint, type Interfaces } from './address.ts'

export interface EngineOptions {
  /** The database's file; its folder is created if missing. Absent: in memory. */
  readonly dataFile?: string
  /** Where to listen. Absent: at a free address that no page reaches. */
  readonly address?: EngineAddress
  /** Called with each line that the engine prints. */
  readonly log?: (line: string) => void
  /** Called when the engine ends although `stop` was not called. */
  readonly onLost?: (name: string) => void
}

export interface Engine {
  readonly address: EngineAddress
  /** The address as a URL. */
  readonly endpoint: string
  readonly name: string
  /** Process id of the engine, not of the shell. */
  readonly pid: number
  /** Ends the engine cleanly, and returns when it has ended. May be called twice. */
  stop(): Promise<void>
}

export interface EngineProgram {
  readonly name: string
  readonly command: string
  readonly interfaces: Interfaces
  argumentsFor(address: EngineAddress): readonly string[]
  /** Resolves to true when the engine is ready after printing `line`, and to false for any other line. */
  isReady(line: string, endpoint: string, signal: AbortSignal): Promise<boolean>
}

/** The first line of output is the engine's process id, printed by the process that becomes the engine. */
const guard = `
umask 077
trap '' XFSZ
exec 2>&1 3<&0
sh -c 'echo "$$"; exec "$0" "$@"' "$0" "$@" </dev/null 3<&- & engine=$!
trap '' HUP TERM
{ read _ <&3; kill $engine; sleep 2; kill -9 $engine; } >/dev/null 2>&1 & watch=$!
exec 3<&-
wait $engine; status=$?
kill -9 $watch
exit $status
`

const patienceMs = 15_000

/** Tries one address after another, as long as each is taken. */
export async function startProgram(program: EngineProgram, options: Omit<EngineOptions, 'dataFile'>): Promise<Engine> {
  let failure = ''
  const anywhere = engineAddresses(program.interfaces)
  for (const address of options.address ? [options.address] : anywhere) {
    const started = await startAt(program, address, options)
    if (typeof started !== 'string') return started
    failure = started
    if (!/address (already )?in use|port \d+ is already in use|failed to bind/i.test(failure)) break
  }
  throw new LedgerError('unavailable', `${program.name} did not start: ${failure}`)
}

/** Returns the engine, or the text that it printed before it ended. */
async function startAt(
  program: EngineProgram,
  address: EngineAddress,
  { log, onLost }: Omit<EngineOptions, 'dataFile'>,
): Promise<Engine | string> {
  const endpoint = engineEndpoint(address)
  const child = spawn('sh', ['-c', guard, program.command, ...program.argumentsFor(address)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
  const exited = once(child, 'exit')
  const giveUp = new AbortController()
  const printed: string[] = []
  let pid = 0
  let isWanted = true

  async function stop(): Promise<void> {
    isWanted = false
    child.ref()
    child.stdin.end()
    await exited
  }

  const ready = Promise.withResolvers<'ready' | 'too late'>()
  const timer = setTimeout(() => ready.resolve('too late'), patienceMs)
  eachLine(child.stdout, (line) => {
    if (pid === 0) {
      pid = Number(line)
      return
    }
    if (printed.length < 20) printed.push(line)
    log?.(line)
    program.isReady(line, endpoint, giveUp.signal).then((is) => is && ready.resolve('ready'), ready.reject)
  })
  const outcome = await Promise.race([ready.promise, exited.then(() => 'ended' as const)])
  clearTimeout(timer)
  if (outcome !== 'ready') {
    giveUp.abort()
    await stop()
    return [outcome === 'ended' ? 'it ended' : `not ready after ${patienceMs} ms`, ...printed].join('\n')
  }
  void exited.then(() => isWanted && onLost?.(program.name))
  for (const handle of [child, child.stdin, child.stdout])
    if (handle === child || handle instanceof Socket) handle.unref()
  return { address, endpoint, name: program.name, pid, stop }
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}
