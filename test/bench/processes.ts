/**
 * What the processes under test use, from Linux's /proc: CPU time (user and system, all threads, in steps of 10 ms) and resident
 * memory. A server's engines are processes below it, behind a shell each.
 */
import { readFileSync } from 'node:fs'
import { processesFrom } from '../support/started-program.ts'

/** USER_HZ is 100 on every Linux that Node runs on. */
const microsPerTick = 10_000
const engineNames: ReadonlySet<string> = new Set(['dynoxide', 'java'])

export interface Memory {
  readonly residentMB: number
  readonly peakMB: number
}

/** Processes that have ended count as zero. */
export function cpuMicros(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMicrosOf(pid), 0)
}

/** Sum over the processes; 1 MB is 1,000,000 bytes. */
export function memoryOf(pids: readonly number[]): Memory {
  const total = (field: string) => pids.reduce((sum, pid) => sum + statusBytes(pid, field), 0) / 1e6
  return { residentMB: total('VmRSS'), peakMB: total('VmHWM') }
}

/** Database engines that this process started, directly or through a shell. */
export async function enginesOf(pid: number): Promise<number[]> {
  const processes = await processesFrom(pid)
  return processes.filter(({ name }) => engineNames.has(name)).map((engine) => engine.pid)
}

/** The name stands in parentheses and may hold any character: the fields begin after the last one. */
function cpuMicrosOf(pid: number): number {
  const stat = contentOf(`/proc/${pid}/stat`) ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * microsPerTick
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
