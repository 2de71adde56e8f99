/**
 * Log lines about refused requests: one a minute for each status and code, with their number. Without them a ledger on one machine
 * would keep no trace of a client that guesses tokens. They hold no address, key or path.
 */
import type { LogLine, Telemetry } from '../../../functions/telemetry.ts'
import type { GatewayRefusal } from './options.ts'

export interface RefusalLines {
  /** Wraps a telemetry: counts the requests that the handlers refuse, and passes every line on. */
  counting(telemetry: Telemetry): Telemetry
  /** Counts a refusal by the gateway itself, of which no handler knows. */
  ofGateway(kind: GatewayRefusal): void
  /** Writes what was counted since the last line. */
  close(): void
}

const everyMs = 60_000

/** `write` gets at most one line a minute for each pair of status and code. */
export function refusalLines(write: (line: LogLine) => void): RefusalLines {
  /** By status and code; bounded, because codes are those of the ledger's own errors. */
  const counts = new Map<string, LogLine & { count: number }>()
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
      log(line) {
        const { event, status = 0, code } = line
        if (event === 'request' && status >= 400 && status < 500) add(status, code ?? 'none')
        telemetry.log(line)
      },
    }),
    ofGateway: (kind) => (kind === 'connection' ? add(undefined, 'too-many-connections') : add(kind, 'gateway')),
    close: flush,
  }
}
