/**
 * What the processes under test use, from Linux's /proc: CPU time (user and system, all threads, in steps of 10 ms) and resident
 * memory. A server's engines are processes below it, behind a shell each.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ is 100 on every Linux that Node runs on. */
const microsPerTick = 10_000
const engineNames: ReadonlySet<string> = new Set(['dynoxide', 'java'])

export interface Memory {
  readonly residentMB: number
  readonly peakMB: number
}

interface Stat {
  readonly name: string
  readonly parent: number
  readonly cpuMicros: number
}

/** Of processes that have ended, nothing is known: zero. */
export function cpuMicros(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuMicros ?? 0), 0)
}

/** Sum over the processes; 1 MB is 1,000,000 bytes. */
export function memoryOf(pids: readonly number[]): Memory {
  const total = (field: string) => pids.reduce((sum, pid) => sum + statusBytes(pid, field), 0) / 1e6
  return { residentMB: total('VmRSS'), peakMB: total('VmHWM') }
}

/** Database engines that this process started, directly or through a shell. */
export function enginesOf(pid: number): number[] {
  const stats = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined
    if (stat) stats.set(Number(name), stat)
  }
  const isBelow = (child: number): boolean => {
    const parent = stats.get(child)?.parent ?? 0
    return parent === pid || (parent > 1 && isBelow(parent))
  }
  return [...stats].filter(([child, { name }]) => engineNames.has(name) && isBelow(child)).map(([child]) => child)
}

/** The name stands in parentheses and may hold any character: what follows begins behind the last one. */
function statOf(pid: number): Stat | undefined {
  const text = contentOf(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  return {
    name: text.slice(text.indexOf('(') + 1, end),
    parent: Number(fields[1]),
    cpuMicros: (Number(fields[11]) + Number(fields[12])) * microsPerTick,
  }
}

function statusBytes(pid: number, field: string): number {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(contentOf(`/proc/${pid}/status`) ?? '')?.[1]
  return Number(kib ?? 0) * 1024
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
