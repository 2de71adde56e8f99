/** Telemetry that keeps its log lines for a test, each with the metric sums since the line before. */
import type { LogLine, MetricName, Telemetry } from '../../functions/telemetry.ts'

export interface LoggedLine {
  readonly line: LogLine
  readonly sums: Readonly<Partial<Record<MetricName, number>>>
}

export interface RecordedTelemetry extends Telemetry {
  readonly logged: LoggedLine[]
  errors(): readonly LogLine[]
  /** Over all lines; `undefined` for a metric that no line had. */
  sum(metric: MetricName): number | undefined
}

export function recordedTelemetry(): RecordedTelemetry {
  const logged: LoggedLine[] = []
  let sums: Partial<Record<MetricName, number>> = {}
  return {
    logged,
    add(metric, value) {
      sums[metric] = (sums[metric] ?? 0) + value
    },
    log(line) {
      logged.push({ line, sums })
      sums = {}
    },
    errors: () => logged.map(({ line }) => line).filter(({ level }) => level === 'error'),
    sum(metric) {
      const values = logged.map((each) => each.sums[metric]).filter((value) => value !== undefined)
      return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0)
    },
  }
}
