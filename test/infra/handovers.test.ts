/** What `handsOver` adds to a ledger, and what stays of it while it is being turned off. Ledgers without are those of the other tests. */
import { RemovalPolicy } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { alone, type Json, resourceOf, type Synthesised } from '../support/synthesised.ts'

const keep = { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, deletionProtection: true }
const sizing = { sequence: { reservedConcurrency: 40 } }
const stage = alone(() => ({ ...keep, handsOver: true, concurrencyQuota: 1_000, sizing }))
const ending = alone(() => ({ ...keep, handsOver: 'ending' }))
const table = resourceOf(stage, 'AWS::DynamoDB::GlobalTable', 'LedgerHandovers')

const variables = (made: Synthesised) =>
  made.of('AWS::Lambda::Function').flatMap(({ properties }) => {
    const name = properties.Environment?.Variables?.HANDOVERS_TABLE ?? 'none'
    return name === 'none' ? [] : [[properties.Description, name]]
  })

/** Every statement of a role or a resource that names the table or its stream. */
function statements(made: Synthesised): Json[] {
  const policies = made.resources.flatMap(({ properties: { Policies = [], PolicyDocument, ResourcePolicy } }) => [
    ...Policies.map((each: Json) => each.PolicyDocument),
    ...[PolicyDocument, ResourcePolicy?.PolicyDocument].filter((each) => each !== undefined),
  ])
  return policies
    .flatMap(({ Statement }) => Statement)
    .filter((statement) => JSON.stringify(statement.Resource ?? '').includes('{LedgerHandovers.'))
}

describe('a ledger that hands over', () => {
  it('has a table with one item for each log: encrypted, streamed, deleted after a day, in no backup', () => {
    expect(table.properties).toMatchObject({
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    })
    const [replica] = table.properties.Replicas
    const entries = resourceOf(stage, 'AWS::DynamoDB::GlobalTable', 'LedgerStoresEntries').properties.Replicas[0]
    expect(replica.SSESpecification).toEqual(entries.SSESpecification)
    expect(replica).not.toHaveProperty('PointInTimeRecoverySpecification')
    expect(replica.Tags).toContainEqual({ Key: 'backup', Value: 'never' })
  })

  it('keeps it no longer than its stack, even where the stores are kept', () => {
    expect([table.raw.DeletionPolicy, table.raw.UpdateReplacePolicy]).toEqual(['Delete', 'Delete'])
    expect(table.properties.Replicas[0].DeletionProtectionEnabled ?? false).toBe(false)
  })

  it('lets one function put items there and read its stream, and nobody read the table', () => {
    expect(statements(stage).map(({ Effect, Action, Resource }) => ({ Effect, Action, Resource }))).toEqual([
      {
        Effect: 'Allow',
        Action: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((each) => `dynamodb:${each}`),
        Resource: ['{LedgerHandovers.StreamArn}', '{LedgerStoresEntries.StreamArn}'],
      },
      { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '{LedgerHandovers.Arn}' },
    ])
    expect(variables(stage)).toEqual([['Consent ledger: sequence', '{LedgerHandovers}']])
    const [sequence] = stage
      .of('AWS::Lambda::Function')
      .filter(({ properties }) => properties.Environment?.Variables?.HANDOVERS_TABLE)
    expect(sequence?.properties.ReservedConcurrentExecutions).toBe(40)
  })

  it('has it taken at once, a log by one invocation at a time, and retried and given up as the stream of entries is', () => {
    const mappings = stage.of('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties)
    const [entries, handovers] = ['StoresEntries', 'Handovers'].map((name) =>
      mappings.find(({ EventSourceArn }) => EventSourceArn === `{Ledger${name}.StreamArn}`),
    )
    expect(mappings).toHaveLength(2)
    const { MaximumBatchingWindowInSeconds: _, ...same } = entries
    const Pattern = JSON.stringify({ eventName: ['INSERT', 'MODIFY'] })
    expect(handovers).toEqual({
      ...same,
      ...{ BatchSize: 100, ParallelizationFactor: 10, EventSourceArn: '{LedgerHandovers.StreamArn}' },
      FilterCriteria: { Filters: [{ Pattern }] },
    })
  })
})

it('while it is turned off, the table, its stream, mapping and rights stay, and only puts end', () => {
  expect(variables(ending)).toEqual([])
  expect(statements(ending)).toEqual(statements(stage))
  for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::Lambda::EventSourceMapping'])
    expect(ending.of(type).map(({ properties }) => properties)).toEqual(
      stage.of(type).map(({ properties }) => properties),
    )
})
