/** What rings the sequencer, and where what fails goes: nothing that was stored is skipped, and nothing that fails is lost in silence. */
import { describe, expect, it } from 'vitest'
import { stageNames, synthesised } from '../support/synthesised.ts'

describe.each(stageNames)('the stream of %s', (name) => {
  const stage = synthesised(name)
  const mappings = stage.of('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties)
  const rules = new Map(stage.of('AWS::Events::Rule').map(({ id, properties }) => [id.slice(0, -8), properties]))

  it('has one reader, from its horizon, in one line per shard', () => {
    expect(mappings).toHaveLength(1)
    expect(mappings[0]).toMatchObject({
      EventSourceArn: '{StoresEntries.StreamArn}',
      FunctionName: '{LedgerFunctionsSequenceLive}[6]:live',
      StartingPosition: 'TRIM_HORIZON',
      ParallelizationFactor: 1,
      BatchSize: 1000,
    })
    // What no reader sees has no place in the log until a self-audit: no filter, no tumbling window.
    for (const absent of ['FilterCriteria', 'TumblingWindowInSeconds', 'Enabled'])
      expect(mappings[0]).not.toHaveProperty(absent)
  })

  it('gathers for a second at least, and within the promised two minutes', () => {
    expect(mappings[0].MaximumBatchingWindowInSeconds).toBeGreaterThanOrEqual(1)
    expect(mappings[0].MaximumBatchingWindowInSeconds).toBeLessThanOrEqual(60)
  })

  it('retries what failed, alone in the end, and gives it up into the bucket well before the stream forgets', () => {
    expect(mappings[0]).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1000,
      MaximumRecordAgeInSeconds: 6 * 3600,
      DestinationConfig: { OnFailure: { Destination: '{StoresFailures.Arn}' } },
    })
    expect(mappings[0].MaximumRecordAgeInSeconds).toBeLessThan(24 * 3600)
  })

  it('has what it gave up redriven', () => {
    const bucket = stage.of('AWS::S3::Bucket').find(({ id }) => id.startsWith('StoresFailures'))?.properties
    expect(bucket.NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } })
    expect(rules.get('LedgerLogRedrive')).toMatchObject({
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: ['{StoresFailures}'] } },
      },
      Targets: [{ Arn: '{LedgerFunctionsRedriveLive}', RetryPolicy: { MaximumEventAgeInSeconds: 24 * 3600 } }],
    })
  })

  it('keeps what it gave up for longer than anyone may be away', () => {
    const { Rules } = stage.of('AWS::S3::Bucket').find(({ id }) => id.startsWith('StoresFailures'))?.properties
      .LifecycleConfiguration ?? { Rules: [] }
    expect(Rules).toEqual([expect.objectContaining({ ExpirationInDays: 14, Status: 'Enabled' })])
  })

  it.each([
    ['LedgerLogSweep', 'rate(1 minute)', '{LedgerFunctionsSweepLive}'],
    ['LedgerLogImport', 'rate(1 minute)', '{LedgerFunctionsImportLive}'],
    ['LedgerLogExport', 'rate(2 minutes)', '{LedgerFunctionsExportLive}'],
    ['LedgerLogDeliver', 'rate(1 minute)', '{LedgerFunctionsDeliverLive}'],
    ['LedgerLogRelease', 'cron(43 2 * * ? *)', '{LedgerFunctionsReleaseLive}'],
    ['LedgerLogStatistics', 'cron(27 * * * ? *)', '{LedgerFunctionsStatisticsLive}'],
    ['LedgerLogExpiry', 'cron(7 * * * ? *)', '{LedgerFunctionsExpiryLive}'],
    ['LedgerLogRetain', 'cron(13 1 * * ? *)', '{LedgerFunctionsRetainLive}'],
    [
      'LedgerLogSelfAudit',
      'rate(1 hour)',
      '{LedgerFunctionsSelfAuditLive}',
      '{"startedBy":"schedule","share":0,"of":1}',
    ],
  ])('%s is due by %s, once', (id, schedule, target, input = '{"startedBy":"schedule"}') => {
    expect(rules.get(id)).toMatchObject({
      ScheduleExpression: schedule,
      State: 'ENABLED',
      Targets: [{ Arn: target, Input: input, RetryPolicy: { MaximumRetryAttempts: 0 } }],
    })
  })

  it('has ten rules, and a dead letter for each', () => {
    expect([...rules.keys()]).toEqual(
      [
        ...['Sweep', 'Import', 'Deliver', 'Export', 'Release', 'Retain', 'Statistics', 'Expiry', 'SelfAudit'],
        'Redrive',
      ].map((id) => `LedgerLog${id}`),
    )
    for (const { Targets } of rules.values())
      for (const target of Targets) expect(target.DeadLetterConfig).toEqual({ Arn: '{LedgerLogDeadLetters.Arn}' })
  })

  it.each([
    ['Sweep', 0, 60],
    ['Import', 0, 60],
    ['Export', 0, 60],
    ['Deliver', 0, 60],
    ['Release', 0, 60],
    ['Retain', 0, 60],
    ['SelfAudit', 0, 60],
    ['Redrive', 2, 6 * 3600],
  ])('%s, called without a caller, has a dead letter behind %i retries', (id, retries, age) => {
    const config = stage
      .of('AWS::Lambda::EventInvokeConfig')
      .find(({ properties }) => properties.FunctionName === `{LedgerFunctions${id}}`)
    expect(config?.properties).toMatchObject({
      Qualifier: `{LedgerFunctions${id}Live}[7]`,
      MaximumRetryAttempts: retries,
      MaximumEventAgeInSeconds: age,
      DestinationConfig: { OnFailure: { Destination: '{LedgerLogDeadLetters.Arn}' } },
    })
  })

  it('keeps dead letters for 14 days, encrypted, by TLS only', () => {
    const [queue] = stage.of('AWS::SQS::Queue')
    expect(queue?.properties).toMatchObject({ MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true })
    const denied = stage.of('AWS::SQS::QueuePolicy')[0]?.properties.PolicyDocument.Statement[0]
    expect(denied).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })
  })
})
