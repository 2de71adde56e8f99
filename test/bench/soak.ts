/**
 * Steady load on the server that `npm start` runs, for many minutes: whether memory, file descriptors or latency grow. Writes of new
 * subjects, reads of a state and proofs arrive at fixed rates far below what the server can do, on a store of its own.
 */
import { readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Figures } from './load.ts'
import { memoryOf } from './processes.ts'
import { type Program, startServer } from './program.ts'
import { runScenario, type Scenario, warmUp } from './scenarios.ts'
import { makeStore } from './store.ts'

export interface SoakMinute {
  readonly minute: number
  readonly requests: number
  readonly failedRequests: number
  readonly writeP50Ms: number
  readonly writeP99Ms: number
  readonly readP50Ms: number
  readonly readP99Ms: number
  readonly proofP50Ms: number
  readonly proofP99Ms: number
  readonly serverMB: number
  readonly enginesMB: number
  readonly serverFiles: number
  readonly enginesFiles: number
}

export const soakMinutes = 30
const secondsPerRow = 60

const streams = {
  writes: { id: 'write-new', concurrency: 4, perSecond: 40 },
  reads: { id: 'read-state', concurrency: 4, perSecond: 40 },
  proofs: { id: 'prove', concurrency: 1, perSecond: 2 },
} as const satisfies Readonly<Record<string, Scenario & { readonly perSecond: number }>>

export async function soak(minutes: number, folder: string, progress: (line: string) => void): Promise<SoakMinute[]> {
  const data = join(folder, 'soak')
  await mkdir(data)
  const store = await makeStore(data)
  const server = await startServer(store.folder)
  const rows: SoakMinute[] = []
  try {
    await warmUp(server, store, ['write-new', 'read-state', 'prove'], 2)
    const steady = ({ perSecond, ...scenario }: (typeof streams)[keyof typeof streams]) =>
      runScenario(server, scenario, store, secondsPerRow, perSecond)
    for (let minute = 1; minute <= minutes; minute++) {
      const [writes, reads, proofs] = await Promise.all([
        steady(streams.writes),
        steady(streams.reads),
        steady(streams.proofs),
      ])
      const row = rowOf(minute, { writes, reads, proofs }, server)
      rows.push(row)
      progress(
        `minute ${minute}/${minutes}  server ${row.serverMB.toFixed(0)} MB  ${row.serverFiles} files  ` +
          `write p99 ${row.writeP99Ms.toFixed(0)} ms  read p99 ${row.readP99Ms.toFixed(0)} ms`,
      )
    }
  } finally {
    await server.stop()
  }
  return rows
}

type Streams = Readonly<Record<keyof typeof streams, Figures>>

function rowOf(minute: number, { writes, reads, proofs }: Streams, { pid, engines }: Program): SoakMinute {
  const all = [writes, reads, proofs]
  const sum = (figure: 'requests' | 'failedRequests') => all.reduce((total, each) => total + each[figure], 0)
  return {
    minute,
    requests: sum('requests'),
    failedRequests: sum('failedRequests'),
    writeP50Ms: writes.p50Ms,
    writeP99Ms: writes.p99Ms,
    readP50Ms: reads.p50Ms,
    readP99Ms: reads.p99Ms,
    proofP50Ms: proofs.p50Ms,
    proofP99Ms: proofs.p99Ms,
    serverMB: memoryOf([pid]).residentMB,
    enginesMB: memoryOf(engines).residentMB,
    serverFiles: openFiles([pid]),
    enginesFiles: openFiles(engines),
  }
}

/** File descriptors, sockets included. */
function openFiles(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)
}
