/**
 * What is measured: the ledger's own metrics, which its functions write into their logs, and AWS's of what they run on. The two service
 * levels are the age of the newest checkpoint while entries wait for one, and the gap between what was stored and what was sequenced.
 */
import { Duration, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { type MetricName, metricNamespace, metrics } from '../../functions/telemetry.ts'
import type { LambdaName } from '../lambda-names.ts'
import type { LedgerStores } from './stores.ts'

export interface SignalSources {
  readonly ledger: string
  readonly api: HttpApi
  readonly functions: Readonly<Record<LambdaName, LambdaFunction>>
  readonly stores: LedgerStores
}

export function ledgerMetric(ledger: string, name: MetricName, options: MetricOptions = {}): Metric {
  const statistic = metrics[name] === 'Seconds' ? Stats.MAXIMUM : Stats.SUM
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: { service: ledger },
    statistic,
    period: Duration.minutes(5),
    ...options,
  })
}

/** Entries stored and not sequenced within the same quarter of an hour; what is on its way makes it small, and now and then negative. */
export function unsequencedEntries(ledger: string): MathExpression {
  const period = Duration.minutes(15)
  return new MathExpression({
    label: 'Stored, not sequenced',
    expression: 'FILL(stored, 0) - FILL(sequenced, 0)',
    period,
    usingMetrics: storedAndSequenced(ledger, period),
  })
}

/** Entries that were stored while nothing at all was sequenced. */
export function storedInSilence(ledger: string): MathExpression {
  const period = Duration.minutes(5)
  return new MathExpression({
    label: 'Stored while nothing was sequenced',
    expression: 'IF(FILL(sequenced, 0) > 0, 0, FILL(stored, 0))',
    period,
    usingMetrics: storedAndSequenced(ledger, period),
  })
}

function storedAndSequenced(ledger: string, period: Duration): Record<string, IMetric> {
  return {
    stored: ledgerMetric(ledger, 'EntriesStored', { period }),
    sequenced: ledgerMetric(ledger, 'EntriesSequenced', { period }),
  }
}

/** Of the functions whose failure nobody waits for. */
export function backgroundErrors({ functions }: SignalSources): MathExpression {
  const period = Duration.minutes(5)
  const names = ['sequence', 'sweep', 'redrive', 'release', 'retain', 'self-audit'] as const
  const usingMetrics: Record<string, IMetric> = {}
  for (const name of names)
    usingMetrics[name.replace('-', '')] = functions[name].metricErrors({ period, statistic: Stats.SUM })
  return new MathExpression({ label: 'Errors', expression: `SUM(METRICS())`, period, usingMetrics })
}

export function throttledCalls({ functions }: SignalSources): MathExpression {
  const period = Duration.minutes(5)
  const names = ['ingest', 'read', 'log', 'audit', 'administer', 'erase'] as const
  const usingMetrics: Record<string, IMetric> = {}
  for (const name of names) usingMetrics[name] = functions[name].metricThrottles({ period, statistic: Stats.SUM })
  return new MathExpression({ label: 'Throttled calls', expression: 'SUM(METRICS())', period, usingMetrics })
}

/** DynamoDB counts by table and operation; these are the operations that the ledger uses. */
export function tableMetric(stores: LedgerStores, table: 'entries' | 'log' | 'vault', name: string): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName: name,
    dimensionsMap: { TableName: stores[table].tableName },
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    region: Stack.of(stores).region,
  })
}
