/**
 * Metrics for alarms and the dashboard: the ledger's own, which its functions write into their logs, and those of the AWS services below.
 * The two service levels are the age of the oldest sequenced entry without a checkpoint, and the gap between entries stored and sequenced.
 */
import { Duration, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { type MetricName, metricNamespace, metrics } from '../../functions/telemetry.ts'
import { handlerNames } from '../../shared/api/routes.ts'
import type { LambdaName } from '../lambda-names.ts'
import type { LedgerBackup } from './backup.ts'
import type { LedgerStores } from './stores.ts'

export interface SignalSources {
  /** Name of the ledger: the dimension `service` of its metrics. */
  readonly ledger: string
  readonly api: HttpApi
  readonly functions: Readonly<Record<LambdaName, LambdaFunction>>
  readonly stores: LedgerStores
}

/** One of the ledger's own metrics; by default the sum of five minutes, or the maximum of one that is an age. */
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

/**
 * Entries stored minus entries sequenced in a quarter of an hour. Entries on their way make it a small number, which is negative when
 * those of the period before are sequenced.
 */
export function unsequencedEntries(ledger: string): MathExpression {
  const period = Duration.minutes(15)
  return new MathExpression({
    label: 'Stored, not sequenced',
    expression: 'FILL(stored, 0) - FILL(sequenced, 0)',
    period,
    usingMetrics: storedAndSequenced(ledger, period),
  })
}

/** Entries stored in five minutes in which none was sequenced. */
export function storedWhileNoneSequenced(ledger: string): MathExpression {
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

/**
 * Errors of the background functions, which no caller sees. `statistics` and `expiry` are left out: each metric is billed, and a scheduled run that
 * fails is a dead letter, for which there is an alarm of its own.
 */
export function backgroundErrors({ functions }: SignalSources): MathExpression {
  const period = Duration.minutes(5)
  const names = ['sequence', 'sweep', 'redrive', 'release', 'retain', 'self-audit', 'import', 'export'] as const
  const usingMetrics: Record<string, IMetric> = {}
  for (const name of names)
    usingMetrics[name.replace('-', '')] = functions[name].metricErrors({ period, statistic: Stats.SUM })
  return new MathExpression({ label: 'Errors', expression: `SUM(METRICS())`, period, usingMetrics })
}

/**
 * Backups and copies of them that failed within a day. AWS Backup's metrics of a copy name the vault that it was copied from
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html).
 */
export function failedBackups({ vault }: LedgerBackup): MathExpression {
  const period = Duration.days(1)
  const failed = (metricName: string) =>
    new Metric({
      namespace: 'AWS/Backup',
      metricName,
      dimensionsMap: { BackupVaultName: vault.backupVaultName },
      statistic: Stats.SUM,
      period,
    })
  const usingMetrics = { backups: failed('NumberOfBackupJobsFailed'), copies: failed('NumberOfCopyJobsFailed') }
  return new MathExpression({ label: 'Failed', expression: 'SUM(METRICS())', period, usingMetrics })
}

/** Throttled invocations of the functions that answer callers. */
export function throttledCalls({ functions }: SignalSources): MathExpression {
  const period = Duration.minutes(5)
  const usingMetrics: Record<string, IMetric> = {}
  for (const name of handlerNames)
    usingMetrics[name] = functions[name].metricThrottles({ period, statistic: Stats.SUM })
  return new MathExpression({ label: 'Throttled calls', expression: 'SUM(METRICS())', period, usingMetrics })
}

/** One of DynamoDB's metrics of a table, summed over five minutes. */
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
