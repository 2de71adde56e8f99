/** A program of this repository as a user starts it, in a session of its own, and every process that comes of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export interface StartedProgram {
  readonly child: ChildProcess
  /** Everything printed so far, on both streams. */
  output(): string
  /** Resolves with the match once it was printed, and rejects when the program ends before. */
  printed(expected: RegExp): Promise<RegExpExecArray>
  /** Resolves when the program has ended: with its exit code, or the signal. */
  readonly ended: Promise<number | string>
}

/** `sh -c` around it sets the umask, and is replaced by it. */
export function startProgram(
  command: readonly string[],
  { umask = '022', env = {} }: { readonly umask?: string; readonly env?: NodeJS.ProcessEnv } = {},
): StartedProgram {
  const child = spawn('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let text = ''
  const heard = new EventTarget()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += String(chunk)
      heard.dispatchEvent(new Event('more'))
    })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  return {
    child,
    ended,
    output: () => text,
    printed(expected) {
      return new Promise((found, fail) => {
        const look = () => {
          const match = expected.exec(text)
          if (match !== null) found(match)
        }
        heard.addEventListener('more', look)
        ended.then((code) => fail(new Error(`ended with ${code}: ${text}`)), fail)
        look()
      })
    },
  }
}

export interface Process {
  readonly pid: number
  readonly parent: number
  readonly name: string
}

/** The process and all below it, by /proc. */
export async function processesFrom(ancestor: number): Promise<Process[]> {
  const all = new Map((await allProcesses()).map((each) => [each.pid, each]))
  const isBelow = ({ pid, parent }: Process): boolean => {
    if (pid === ancestor) return true
    const above = all.get(parent)
    return above !== undefined && isBelow(above)
  }
  return [...all.values()].filter(isBelow)
}

/** Those of the processes that are still there. A zombie is none: it holds nothing. */
export async function leftOf(processes: readonly Process[]): Promise<Process[]> {
  const there = new Set((await allProcesses()).map(({ pid }) => pid))
  return processes.filter(({ pid }) => there.has(pid))
}

async function allProcesses(): Promise<Process[]> {
  const found: Process[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '')
    const [, name = '', state = 'Z', parent = ''] = /^\d+ \((.*)\) (\S) (\d+)/.exec(stat) ?? []
    if (state !== 'Z') found.push({ pid: Number(entry), parent: Number(parent), name })
  }
  return found
}
