/** Lines in CloudWatch's embedded metric format, read as CloudWatch reads them. */

import type { MetricName } from '../../functions/telemetry.ts'
import { metricNamespace } from '../../functions/telemetry.ts'

interface EmfLine extends Partial<Record<MetricName, number>> {
  readonly service?: string
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string
      readonly Dimensions: readonly (readonly string[])[]
      readonly Metrics: readonly { readonly Name: MetricName }[]
    }[]
  }
}

/** The values of each metric, in the order of the lines. Throws for a namespace or a dimension that is not the ledger's. */
export function metricsIn(lines: readonly EmfLine[], ledger: string): Partial<Record<MetricName, number[]>> {
  const values: Partial<Record<MetricName, number[]>> = {}
  for (const line of lines) {
    for (const { Namespace, Dimensions, Metrics } of line._aws?.CloudWatchMetrics ?? []) {
      const isOurs = Namespace === metricNamespace && line.service === ledger
      if (!isOurs || JSON.stringify(Dimensions) !== '[["service"]]')
        throw new Error(`not ours: ${JSON.stringify(line)}`)
      for (const { Name } of Metrics) values[Name] = [...(values[Name] ?? []), line[Name] ?? Number.NaN]
    }
  }
  return values
}
