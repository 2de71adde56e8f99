/** When a person is called, and what the dashboard shows: of metrics that somebody writes, with thresholds that mean something. */
import { describe, expect, it } from 'vitest'
import { metrics } from '../../functions/telemetry.ts'
import { grantsOfResources } from '../support/grants.ts'
import { account, changed, type Json, stageNames, synthesised } from '../support/synthesised.ts'

/** AWS's own metrics that alarms and the dashboard may name, by namespace, each with the dimension it is counted by. */
const ofAws: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  'AWS/Lambda': ['FunctionName', ['Errors', 'Throttles', 'Invocations', 'Duration', 'IteratorAge']],
  'AWS/SQS': ['QueueName', ['ApproximateNumberOfMessagesVisible']],
  'AWS/ApiGateway': ['ApiId', ['5xx', '4xx', 'Latency', 'Count']],
  'AWS/DynamoDB': ['TableName', ['WriteThrottleEvents', 'ConsumedWriteCapacityUnits', 'ConsumedReadCapacityUnits']],
}

/** Logical id, then: above which value, of which statistic, for how long; `or silent` when the end of its values calls as well. */
const alarms: Readonly<Record<string, string>> = {
  CheckpointAge: '120 Maximum 3 x 60 s, or silent',
  StoredInSilence: '0 expression 2 x 300 s',
  UnsequencedEntries: '1000 expression 2 x 900 s',
  StreamAge: '60000 Maximum 3 x 60 s',
  LogFaults: '0 Sum 1 x 300 s',
  StreamGaveUp: '0 Sum 1 x 300 s',
  AuditFindings: '0 Sum 1 x 300 s',
  AuditOverdue: '0 Maximum 1 x 300 s',
  UnreadableAnswers: '0 Sum 1 x 300 s',
  DeliveryTrouble: '0 Sum 1 x 300 s',
  BackgroundErrors: '0 expression 3 x 300 s',
  DeadLetters: '0 Maximum 1 x 300 s',
  Failures: '5 Sum 2 x 300 s',
  Latency: '2000 p99 3 x 300 s',
  Refusals: '1000 Sum 2 x 300 s',
  Throttles: '0 expression 2 x 300 s',
  TableThrottlesentries: '0 Sum 2 x 300 s',
  TableThrottleslog: '0 Sum 2 x 300 s',
  TableThrottlesvault: '0 Sum 2 x 300 s',
}

interface Named {
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
  readonly Period: number
}

function metricsOf({ Metrics, ...alarm }: Json): Named[] {
  if (Metrics === undefined) return [alarm]
  return Metrics.filter((each: Json) => each.MetricStat).map(({ MetricStat }: Json) => ({
    ...MetricStat.Metric,
    Period: MetricStat.Period,
  }))
}

/** A minute's value, or that there is none, judged as an alarm of one period would be. */
function stateAfter(
  value: number | undefined,
  { TreatMissingData, Threshold }: Json,
): 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' {
  if (value === undefined) {
    if (TreatMissingData === 'missing') return 'INSUFFICIENT_DATA'
    return TreatMissingData === 'breaching' ? 'ALARM' : 'OK'
  }
  return value > Threshold ? 'ALARM' : 'OK'
}

describe.each(stageNames)('alarms of %s', (name) => {
  const stage = synthesised(name)
  const made = stage.of('AWS::CloudWatch::Alarm').map(({ id, properties }) => {
    return [id.slice('LedgerAlarms'.length, -8), properties] as const
  })

  it('call when they should', () => {
    const said = made.map(([id, alarm]) => {
      const { Threshold, Statistic, ExtendedStatistic, EvaluationPeriods, TreatMissingData } = alarm
      const statistic = Statistic ?? ExtendedStatistic ?? 'expression'
      const missing = TreatMissingData === 'missing' ? ', or silent' : ''
      return [id, `${Threshold} ${statistic} ${EvaluationPeriods} x ${metricsOf(alarm)[0]?.Period} s${missing}`]
    })
    expect(Object.fromEntries(said)).toEqual(alarms)
  })

  it('call of more than their threshold, and stay silent of nothing measured but where silence is the fault', () => {
    for (const [id, { ComparisonOperator, TreatMissingData }] of made) {
      expect(ComparisonOperator).toBe('GreaterThanThreshold')
      expect(TreatMissingData).toBe(id === 'CheckpointAge' ? 'missing' : 'notBreaching')
    }
  })

  /** CloudWatch makes an alarm in the state INSUFFICIENT_DATA, and an action is taken when a state changes. */
  it.each([
    ['before the first value', [undefined, undefined, undefined, undefined], []],
    ['while values come', [undefined, 0, 1, 0], []],
    ['when values end', [undefined, 0, undefined, undefined], ['INSUFFICIENT_DATA']],
    ['when a value is high', [undefined, undefined, 500], ['ALARM']],
  ])('call about the age of a checkpoint %s as expected', (_, values, expected) => {
    const alarm = made.find(([id]) => id === 'CheckpointAge')?.[1]
    const called: string[] = []
    let state = 'INSUFFICIENT_DATA'
    for (const value of values) {
      const next = stateAfter(value, alarm)
      const actions = { ALARM: alarm.AlarmActions, INSUFFICIENT_DATA: alarm.InsufficientDataActions, OK: [] }[next]
      if (next !== state && (name !== 'prod' || actions?.length > 0) && next !== 'OK') called.push(next)
      state = next
    }
    expect(called).toEqual(expected)
  })

  it('are of metrics that somebody writes', () => {
    const ledger = `consent-ledger-${name}`
    for (const { Namespace, MetricName, Dimensions } of made.flatMap(([, alarm]) => metricsOf(alarm))) {
      if (Namespace === 'ConsentLedger') {
        expect(Object.keys(metrics)).toContain(MetricName)
        expect(Dimensions).toEqual([{ Name: 'service', Value: ledger }])
      } else {
        const [dimension, known] = ofAws[Namespace] ?? ['', []]
        expect(known).toContain(MetricName)
        expect(Dimensions.map(({ Name }) => Name)).toEqual([dimension])
        expect(Dimensions[0]?.Value).toMatch(/^\{\w+(\.QueueName)?\}$/)
      }
    }
  })

  it('do as the service level promises: two minutes from an entry to its checkpoint', () => {
    const age = made.find(([id]) => id === 'CheckpointAge')?.[1]
    expect(age).toMatchObject({ MetricName: 'CheckpointAge', Threshold: 120, Statistic: 'Maximum' })
  })

  it('reach a person in prod', () => {
    const actions = new Set(made.flatMap(([, { AlarmActions = [] }]) => AlarmActions))
    expect([...actions]).toEqual(name === 'prod' ? ['{OnCallTopic}'] : [])
    expect(made.filter(([, { ActionsEnabled }]) => ActionsEnabled === false)).toEqual([])
    if (name !== 'prod') return
    const subscriptions = stage.of('AWS::SNS::Subscription').map(({ properties }) => properties)
    expect(subscriptions).toEqual([expect.objectContaining({ Protocol: 'email', TopicArn: '{OnCallTopic}' })])
    // A topic's own policy takes the place of the one that lets CloudWatch in.
    const publishing = grantsOfResources(stage).filter(
      ({ effect, actions: [action] }) => effect === 'Allow' && action === 'sns:Publish',
    )
    expect(publishing.map(({ principal, resources, condition }) => ({ principal, resources, condition }))).toEqual([
      {
        principal: 'cloudwatch.amazonaws.com',
        resources: ['{OnCallTopic}'],
        condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ])
  })
})

describe.each(stageNames)('the dashboard of %s', (name) => {
  const [dashboard] = changed(name, { stage: { dashboard: true } }).of('AWS::CloudWatch::Dashboard')
  const body = JSON.parse(dashboard?.properties.DashboardBody)
  const shown: Json[] = body.widgets.flatMap(({ properties }: Json) => properties.metrics ?? [])

  it('is there only where it was asked for', () => {
    expect(synthesised(name).of('AWS::CloudWatch::Dashboard')).toEqual([])
  })

  it('shows every metric of the ledger', () => {
    const own = new Set(shown.filter(([namespace]) => namespace === 'ConsentLedger').map(([, metric]) => metric))
    expect([...own].toSorted()).toEqual(Object.keys(metrics).toSorted())
  })

  it('shows no metric that nobody writes', () => {
    const named = shown.filter(([namespace]) => typeof namespace === 'string')
    const unknown = named.filter(([namespace, metric]) => {
      const known = namespace === 'ConsentLedger' ? Object.keys(metrics) : (ofAws[namespace]?.[1] ?? [])
      return !known.includes(metric)
    })
    expect(unknown).toEqual([])
  })

  it('shows every alarm', () => {
    const status = body.widgets.find(({ type }: Json) => type === 'alarm')
    expect(status.properties.alarms).toHaveLength(Object.keys(alarms).length)
  })
})
