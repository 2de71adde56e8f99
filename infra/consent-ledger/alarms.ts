/**
 * When a person is called. Each alarm has a section in the runbook (`infra/runbook.md`), which its description names: what it means, what
 * to look at, what to do. An alarm that nobody could act upon is not here.
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
  ledgerMetric,
  type SignalSources,
  storedInSilence,
  tableMetric,
  throttledCalls,
  unsequencedEntries,
} from './service-levels.ts'

interface AlarmSpec {
  readonly id: string
  /** Section of the runbook. */
  readonly section: string
  readonly means: string
  readonly metric: IMetric
  readonly threshold: number
  /** Datapoints in a row. @default 1 */
  readonly periods?: number
  /** Nothing measured means that what measures is down. @default false */
  readonly missingIsBad?: boolean
}

export interface LedgerAlarmsProps extends SignalSources {
  readonly deadLetters: Queue
  /** Where the runbook is read. */
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
        treatMissingData: spec.missingIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      })
      if (props.action) alarm.addAlarmAction(props.action)
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
      metric: storedInSilence(ledger),
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
      means: 'The sequencer reads the stream of entries more than a minute late.',
      metric: functions.sequence.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: minute }),
      threshold: 60_000,
      periods: 3,
    },
    {
      id: 'LogFaults',
      section: 'log-faults',
      means: 'A log cannot go on, an entry was changed, a record is none, or what is stored does not fit the log.',
      metric: ledgerMetric(ledger, 'LogFaults'),
      threshold: 0,
    },
    {
      id: 'StreamGaveUp',
      section: 'stream-gave-up',
      means: 'Lambda gave a batch of the stream up; it is being redriven.',
      metric: functions.redrive.metricInvocations({ period: fiveMinutes, statistic: Stats.SUM }),
      threshold: 0,
    },
    {
      id: 'AuditFindings',
      section: 'audit-findings',
      means: 'The self-audit found tables, vault, objects and log in disagreement.',
      metric: ledgerMetric(ledger, 'AuditFindings'),
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
      id: 'BackgroundErrors',
      section: 'background-errors',
      means: 'What keeps the logs fails.',
      metric: backgroundErrors(props),
      threshold: 0,
      periods: 3,
    },
    {
      id: 'DeadLetters',
      section: 'background-errors',
      means: 'Lambda gave an invocation up that nobody waited for.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MAXIMUM }),
      threshold: 0,
    },
    {
      id: 'Failures',
      section: 'failures',
      means: 'Callers are answered 5xx.',
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
      means: 'Many calls are refused: a client is broken, or somebody is trying.',
      metric: api.metricClientError({ period: fiveMinutes, statistic: Stats.SUM }),
      threshold: 1000,
      periods: 2,
    },
    {
      id: 'Throttles',
      section: 'throttles',
      means: 'Calls are refused for want of concurrency.',
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
  ]
}
