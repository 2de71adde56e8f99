/**
 * Telemetry on Lambda: each line is one JSON object on stdout, and the metrics in it are in CloudWatch's embedded metric format
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html), so a
 * metric costs no call. One dimension, the ledger's name: every further one would be another metric to pay for.
 */
import { MetricResolution, Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { type MetricName, metricNamespace, metrics, type Telemetry } from '../telemetry.ts'

export function lambdaTelemetry(
  ledger: string,
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Telemetry {
  const sums = new Map<MetricName, number>()
  const emf = new Metrics({ namespace: metricNamespace, serviceName: ledger })
  return {
    add(metric, value) {
      sums.set(metric, (sums.get(metric) ?? 0) + value)
    },
    log(line) {
      if (sums.size === 0) {
        write(JSON.stringify(line))
        return
      }
      for (const [metric, value] of sums)
        emf.addMetric(metric, MetricUnit[metrics[metric]], value, MetricResolution.Standard)
      sums.clear()
      write(JSON.stringify({ ...emf.serializeMetrics(), ...line }))
      emf.clearMetrics()
    },
  }
}
