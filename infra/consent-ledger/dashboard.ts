/** The CloudWatch dashboard of a ledger: the two service levels first, then callers, the log, and what causes cost. */
import { Duration, Stack } from 'aws-cdk-lib'
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { ledgerMetric, type SignalSources, tableMetric, throttledCalls, unsequencedEntries } from './service-levels.ts'

export interface LedgerDashboardProps extends SignalSources {
  readonly alarms: readonly Alarm[]
  readonly runbook: string
}

export class LedgerDashboard extends Construct {
  constructor(scope: Construct, id: string, props: LedgerDashboardProps) {
    super(scope, id)
    const { ledger, api, functions, stores } = props
    const metric = (name: Parameters<typeof ledgerMetric>[1]) => ledgerMetric(ledger, name)
    const invocations = Object.values(functions).map((each) => each.metricInvocations({ statistic: Stats.SUM }))
    const durations = Object.values(functions).map((each) => each.metricDuration({ statistic: Stats.SUM }))
    const tables = ['entries', 'log', 'vault'] as const
    const units = (name: string) => tables.map((table) => tableMetric(stores, table, name))

    new Dashboard(this, 'Dashboard', {
      dashboardName: `${Stack.of(this).stackName}-${Stack.of(this).region}`,
      defaultInterval: Duration.hours(12),
      widgets: [
        [
          new TextWidget({ markdown: `# ${ledger}\n[Runbook](${props.runbook})`, width: 6, height: 4 }),
          new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 18, height: 4 }),
        ],
        [
          graph('Service level: oldest entry without a checkpoint, s', [metric('CheckpointAge')], 120),
          graph('Service level: stored, not sequenced', [unsequencedEntries(ledger)], 1000),
        ],
        [
          graph('Writes', [metric('EntriesStored'), metric('EntriesSequenced')]),
          graph('Refusals, conflicts, failures', [metric('Refusals'), metric('Conflicts'), metric('Failures')]),
        ],
        [
          graph('Latency, ms', [
            api.metricLatency({ statistic: Stats.percentile(50), label: 'p50' }),
            api.metricLatency({ statistic: Stats.percentile(99), label: 'p99' }),
          ]),
          graph('Calls and throttles', [api.metricCount({ statistic: Stats.SUM }), throttledCalls(props)]),
        ],
        [
          graph('Log: age of the stream, ms', [functions.sequence.metric('IteratorAge', { statistic: Stats.MAXIMUM })]),
          graph('Log: faults, skipped, unreadable, audit findings', [
            metric('LogFaults'),
            metric('EntriesSkipped'),
            metric('UnreadableAnswers'),
            metric('AuditFindings'),
          ]),
        ],
        [
          graph('Self-audit: overdue by, s', [metric('AuditOverdue')]),
          graph('Deliveries that need a person', [metric('DeliveryTrouble')]),
        ],
        [
          graph('Cost: write units', units('ConsumedWriteCapacityUnits')),
          graph('Cost: read units', units('ConsumedReadCapacityUnits')),
        ],
        [graph('Cost: invocations', invocations), graph('Cost: milliseconds of functions', durations)],
      ],
    })
  }
}

function graph(title: string, left: IMetric[], limit?: number): GraphWidget {
  return new GraphWidget({
    title,
    left,
    width: 12,
    height: 6,
    ...(limit !== undefined && { leftAnnotations: [{ value: limit, label: 'alarm' }] }),
  })
}
