/** What the cost takes for the deployment is what the construct makes of the stage `prod`, by its templates. */
import { describe, expect, it } from 'vitest'
import { variables } from '../../../functions/lambda/environment.ts'
import { defaultSizing, longestCommit } from '../../../infra/consent-ledger/functions.ts'
import { assumptions } from '../../../infra/cost/assumptions.ts'
import { defaultSetting } from '../../../infra/cost/model.ts'
import { longestCommitMs } from '../../../shared/ledger/log/due-logs.ts'
import { synthesised } from '../../support/synthesised.ts'

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON
type Properties = Record<string, any>
const all = (type: string): readonly Properties[] =>
  synthesised('prod')
    .of(type)
    .map(({ raw }) => raw.Properties ?? {})

describe('functions', () => {
  it.each(['ingest', 'read', 'log', 'audit', 'sequence', 'sweep', 'import', 'export', 'deliver', 'messages'] as const)(
    '%s has the memory',
    (name) => {
      expect(assumptions[name].memoryMb).toBe(defaultSizing[name].memoryMb)
    },
  )

  it.each(['sequence', 'redrive', 'release'] as const)(
    '%s commits for no longer than its mark is looked at',
    (name) => {
      expect(longestCommit.toMilliseconds()).toBe(longestCommitMs)
      expect(defaultSizing[name].timeout.toMilliseconds()).toBeLessThanOrEqual(longestCommitMs)
    },
  )

  it('so have those that publish and audit, and the sequencer its instances', () => {
    expect(assumptions.checkpoint.memoryMb).toBe(defaultSizing.sequence.memoryMb)
    expect(assumptions.selfAudit.memoryMb).toBe(defaultSizing['self-audit'].memoryMb)
  })
})

it('the stream and the checkpoints come as the model has them', () => {
  const { windowSeconds, maxEventsPerBatch, checkpointSeconds } = defaultSetting
  expect(all('AWS::Lambda::EventSourceMapping')).toEqual([
    expect.objectContaining({
      BatchSize: maxEventsPerBatch,
      MaximumBatchingWindowInSeconds: windowSeconds,
      ParallelizationFactor: 1,
    }),
  ])
  const intervals = all('AWS::Lambda::Function').map(
    ({ Environment }) => Environment?.Variables[variables.publishEvery],
  )
  expect(new Set(intervals.filter((value) => value !== undefined))).toEqual(new Set([String(checkpointSeconds)]))
})

it('a call writes one line: its function’s, since Lambda writes those of failures only, and API Gateway none', () => {
  const levels = all('AWS::Lambda::Function').flatMap(({ LoggingConfig }) => LoggingConfig?.SystemLogLevel ?? [])
  expect(levels.length).toBeGreaterThanOrEqual(12)
  expect(new Set(levels)).toEqual(new Set(['WARN']))
  for (const stage of all('AWS::ApiGatewayV2::Stage')) expect(stage).not.toHaveProperty('AccessLogSettings')
})

it('the sweep and the look for imports run each minute, that for exports every other, release and retention each day, the self-audit, the statistics and the ends of consents each hour, and the redrive when it has to', () => {
  const schedules = all('AWS::Events::Rule').map(({ ScheduleExpression }) => ScheduleExpression)
  expect(new Set(schedules)).toEqual(
    new Set([
      'rate(1 minute)',
      'rate(2 minutes)',
      'cron(27 * * * ? *)',
      'cron(7 * * * ? *)',
      'cron(43 2 * * ? *)',
      'cron(13 1 * * ? *)',
      'rate(1 hour)',
      undefined,
    ]),
  )
})

it('keys, alarms, dashboards and rules of WAF are as many', () => {
  expect(all('AWS::KMS::Key')).toHaveLength(assumptions.kmsKeys)
  expect(all('AWS::CloudWatch::Dashboard')).toHaveLength(assumptions.dashboards)
  expect(all('AWS::WAFv2::WebACL').map(({ Rules }) => Rules.length)).toEqual([assumptions.wafRules])
  const alarms = all('AWS::CloudWatch::Alarm')
  const measured = alarms.flatMap(({ Metrics }) => Metrics?.filter(({ MetricStat }: Properties) => MetricStat) ?? [1])
  expect(alarms).toHaveLength(19)
  expect(measured).toHaveLength(assumptions.alarmMetrics)
})

it('tables are billed by request and kept for recovery, under a key of the ledger’s own', () => {
  const tables = all('AWS::DynamoDB::GlobalTable')
  expect(tables).toHaveLength(3)
  for (const { BillingMode, Replicas, SSESpecification } of tables) {
    expect(BillingMode).toBe('PAY_PER_REQUEST')
    expect(Replicas).toHaveLength(1)
    expect(Replicas[0].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true)
    expect(SSESpecification.SSEType).toBe('KMS')
  }
})
