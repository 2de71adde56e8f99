/**
 * What was refused, as one line a minute for each kind: its status, its code and how many. Without this a ledger on one machine would
 * keep no trace of somebody who tries tokens. No address, no key, no path: a line holds counts only.
 */
import type { Line, Telemetry } from '../../functions/telemetry.ts'
import type { GatewayRefusal } from './gateway.ts'

export interface RefusalLines {
  /** Counts what a chain refuses, and passes every line on. */
  counting(telemetry: Telemetry): Telemetry
  /** Counts a refusal of the gateway's own, which no handler saw. */
  ofGateway(kind: GatewayRefusal): void
  /** Writes what was counted since the last line. */
  close(): void
}

const everyMs = 60_000

/** `write` gets at most one line a minute for each pair of status and code. */
export function refusalLines(write: (line: Line) => void): RefusalLines {
  /** By status and code, of which there are as many as the ledger has errors. */
  const counts = new Map<string, Line & { count: number }>()
  let timer: NodeJS.Timeout | undefined

  function add(status: number | undefined, code: string): void {
    const kind = `${status} ${code}`
    const line = counts.get(kind) ?? { level: 'info', event: 'refused', status, code, count: 0 }
    line.count += 1
    counts.set(kind, line)
    timer ??= setTimeout(flush, everyMs).unref()
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    for (const line of counts.values()) write(line)
    counts.clear()
  }

  return {
    counting: (telemetry) => ({
      add: (metric, value) => telemetry.add(metric, value),
      tell(line) {
        const { event, status = 0, code } = line
        if (event === 'request' && status >= 400 && status < 500) add(status, code ?? 'none')
        telemetry.tell(line)
      },
    }),
    ofGateway: (kind) => (kind === 'connection' ? add(undefined, 'too-many-connections') : add(kind, 'gateway')),
    close: flush,
  }
}
