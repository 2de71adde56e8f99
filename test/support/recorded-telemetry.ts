/** Telemetry that a test looks into: each line with what had been added up by then. */
import type { LogLine, MetricName, Telemetry } from '../../functions/telemetry.ts'

export interface Told {
  readonly line: LogLine
  readonly sums: Readonly<Partial<Record<MetricName, number>>>
}

export interface RecordedTelemetry extends Telemetry {
  readonly logged: Told[]
  errors(): readonly LogLine[]
  /** Over all lines; `undefined` for a metric that no line had. */
  sum(metric: MetricName): number | undefined
}

export function recordedTelemetry(): RecordedTelemetry {
  const told: Told[] = []
  let sums: Partial<Record<MetricName, number>> = {}
  return {
    logged: told,
    add(metric, value) {
      sums[metric] = (sums[metric] ?? 0) + value
    },
    log(line) {
      told.push({ line, sums })
      sums = {}
    },
    errors: () => told.map(({ line }) => line).filter(({ level }) => level === 'error'),
    sum(metric) {
      const values = told.map((each) => each.sums[metric]).filter((value) => value !== undefined)
      return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0)
    },
  }
}
