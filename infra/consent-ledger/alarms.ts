/**
 * The CloudWatch alarms. The description of each links its section of the runbook (`infra/runbook.md`): what it means, what to look at,
 * what to do. There is an alarm only where a person can act on it.
 */
import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import {
  backgroundErrors,
  failedBackups,
  ledgerMetric,
  type SignalSources,
  storedWhileNoneSequenced,
  tableMetric,
  throttledCalls,
  unsequencedEntries,
} from './service-levels.ts'

interface AlarmSpec {
  readonly id: string
  /** Anchor of its section in the runbook. */
  readonly section: string
  readonly means: string
  readonly metric: IMetric
  readonly threshold: number
  /** How many periods in a row must exceed the threshold. @default 1 */
  readonly periods?: number
  /**
   * A person is called without data too, because then the function that measures does not run. The alarm is then in the state "insufficient
   * data", in which it also begins: it calls only when it had a value and has none any more. @default false
   */
  readonly missingIsBad?: boolean
}

export interface LedgerAlarmsProps extends SignalSources {
  readonly deadLetters: Queue
  /** Address of the runbook, to which `#section` is added. */
  readonly runbook: string
  readonly action?: IAlarmAction
}

export class LedgerAlarms extends Construct {
  readonly alarms: readonly Alarm[]

  constructor(scope: Construct, id: string, props: LedgerAlarmsProps) {
    super(scope, id)
    this.alarms = specsOf(props).map((spec) => {
      const alarm = new Alarm(this, spec.id, {
        alarmDescription: `${spec.means} ${props.runbook}#${spec.section}`,
        metric: spec.metric,
        threshold: spec.threshold,
        evaluationPeriods: spec.periods ?? 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: spec.missingIsBad ? TreatMissingData.MISSING : TreatMissingData.NOT_BREACHING,
      })
      if (props.action) alarm.addAlarmAction(props.action)
      if (props.action && spec.missingIsBad) alarm.addInsufficientDataAction(props.action)
      return alarm
    })
  }
}

function specsOf(props: LedgerAlarmsProps): readonly AlarmSpec[] {
  const { ledger, api, functions, stores, deadLetters } = props
  const minute = Duration.minutes(1)
  const fiveMinutes = Duration.minutes(5)
  return [
    {
      id: 'CheckpointAge',
      section: 'checkpoint-age',
      means: 'Entries have waited longer than the promised two minutes for a checkpoint, or the sweep does not run.',
      metric: ledgerMetric(ledger, 'CheckpointAge', { period: minute }),
      threshold: 120,
      periods: 3,
      missingIsBad: true,
    },
    {
      id: 'StoredInSilence',
      section: 'unsequenced-entries',
      means: 'Entries are stored and none is sequenced.',
      metric: storedWhileNoneSequenced(ledger),
      threshold: 0,
      periods: 2,
    },
    {
      id: 'UnsequencedEntries',
      section: 'unsequenced-entries',
      means: 'The sequencer falls behind what is stored.',
      metric: unsequencedEntries(ledger),
      threshold: 1000,
      periods: 2,
    },
    {
      id: 'StreamAge',
      section: 'unsequenced-entries',
      means: 'The sequencer reads the stream of entries, or of hand-overs, more than a minute late.',
      metric: functions.sequence.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: minute }),
      threshold: 60_000,
      periods: 3,
    },
    {
      id: 'LogFaults',
      section: 'log-faults',
      means:
        'A log cannot be extended, an entry was changed, a record is malformed, or stored data contradicts the log.',
      metric: ledgerMetric(ledger, 'LogFaults'),
      threshold: 0,
    },
    {
      id: 'StreamGaveUp',
      section: 'stream-gave-up',
      means: 'Lambda gave up a batch of the stream, and it is being redriven.',
      metric: functions.redrive.metricInvocations({ period: fiveMinutes, statistic: Stats.SUM }),
      threshold: 0,
    },
    {
      id: 'AuditFindings',
      section: 'audit-findings',
      means: 'The self-audit found that tables, vault, objects and log disagree.',
      metric: ledgerMetric(ledger, 'AuditFindings'),
      threshold: 0,
    },
    {
      id: 'AuditOverdue',
      section: 'audit-overdue',
      means: 'The self-audit is late: it has not compared what is new for three days, or everything for 45.',
      metric: ledgerMetric(ledger, 'AuditOverdue'),
      threshold: 0,
    },
    {
      id: 'UnreadableAnswers',
      section: 'unreadable-answers',
      means: 'Answers leave out a stored row that cannot be read: it was damaged or planted.',
      metric: ledgerMetric(ledger, 'UnreadableAnswers'),
      threshold: 0,
    },
    {
      id: 'DeliveryTrouble',
      section: 'delivery-trouble',
      means:
        'Messages were given up, a completion is late, a receiver has failed for an hour, or messages cannot be made.',
      metric: ledgerMetric(ledger, 'DeliveryTrouble'),
      threshold: 0,
    },
    {
      id: 'BackgroundErrors',
      section: 'background-errors',
      means: 'A background function fails.',
      metric: backgroundErrors(props),
      threshold: 0,
      periods: 3,
    },
    {
      id: 'DeadLetters',
      section: 'background-errors',
      means: 'Lambda gave up an asynchronous invocation.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MAXIMUM }),
      threshold: 0,
    },
    {
      id: 'Failures',
      section: 'failures',
      means: 'Callers get 5xx.',
      metric: api.metricServerError({ period: fiveMinutes, statistic: Stats.SUM }),
      threshold: 5,
      periods: 2,
    },
    {
      id: 'Latency',
      section: 'latency',
      means: 'One answer in a hundred takes longer than two seconds.',
      metric: api.metricLatency({ period: fiveMinutes, statistic: Stats.percentile(99) }),
      threshold: 2000,
      periods: 3,
    },
    {
      id: 'Refusals',
      section: 'refusals',
      means: 'Many calls are refused: a client is broken, or there is an attack.',
      metric: api.metricClientError({ period: fiveMinutes, statistic: Stats.SUM }),
      threshold: 1000,
      periods: 2,
    },
    {
      id: 'Throttles',
      section: 'throttles',
      means: 'Calls are refused because no concurrency is left.',
      metric: throttledCalls(props),
      threshold: 0,
      periods: 2,
    },
    ...(['entries', 'log', 'vault'] as const).map((table) => ({
      id: `TableThrottles-${table}`,
      section: 'table-throttles',
      means: `DynamoDB throttles writes of the table ${table}.`,
      metric: tableMetric(stores, table, 'WriteThrottleEvents'),
      threshold: 0,
      periods: 2,
    })),
    ...(stores.backup
      ? [
          {
            id: 'BackupFailures',
            section: 'backup-failures',
            means: 'A backup or its copy failed.',
            metric: failedBackups(stores.backup),
            threshold: 0,
          },
        ]
      : []),
  ]
}
