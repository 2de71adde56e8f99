/**
 * One database engine as a child process that never outlives us, and never dies before us.
 *
 * Between us and the engine stands a shell that reads a pipe of which we alone hold the other end: when we end, however we end
 * (`kill -9` too), the pipe closes and the shell ends the engine, by SIGTERM and after two seconds by SIGKILL. Both run in a
 * session of their own, so a Ctrl-C in our terminal reaches only us, and the engine answers until we have shut down.
 * A manager that signals every process of a service, as systemd does, ends the engine and not the shell, which then ends by itself.
 * Files that the engine creates are private to this user.
 * A limit on file sizes acts like a full disk (the write fails, and so does the request), and does not kill the engine.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { LedgerError } from '../../../shared/errors.ts'
import { type EngineAddress, engineAddresses, engineEndpoint, type Interfaces } from './address.ts'

export interface EngineOptions {
  /** The database's file; absent: in memory. Its folder is made if missing. */
  readonly dataFile?: string
  /** Where it is to listen; absent: where no page reaches it, at an address that is free. */
  readonly address?: EngineAddress
  /** Told of each line that the engine prints. */
  readonly log?: (line: string) => void
  /** Called when the engine has ended without being asked to. */
  readonly onLost?: (name: string) => void
}

export interface Engine {
  readonly address: EngineAddress
  /** The same as a URL. */
  readonly endpoint: string
  readonly name: string
  /** Of the engine itself, not of the shell before it. */
  readonly pid: number
  /** Lets the engine end cleanly; returns when it has ended. May be called twice. */
  stop(): Promise<void>
}

export interface EngineProgram {
  readonly name: string
  readonly command: string
  readonly interfaces: Interfaces
  argumentsFor(address: EngineAddress): readonly string[]
  /** Returns once the engine, having printed `line`, is ready; false: not this line. */
  isReady(line: string, endpoint: string, signal: AbortSignal): Promise<boolean>
}

/** Its first line of output is the engine's process id, printed by the process that becomes the engine. */
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

/** Tries one address after another while they are taken. */
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

/** The engine, or what it said before it ended. */
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
