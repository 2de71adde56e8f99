/**
 * What a restore from point-in-time recovery asks of DynamoDB. A restore makes a new table with the data and the encryption of the old one;
 * policy, stream, recovery and deletion protection have to be set on it. Nothing here writes an item or changes an existing source.
 */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  ResourceNotFoundException,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'

export interface TableState {
  readonly arn: string
  readonly status: string
  /** Whether it has a stream of new images. */
  readonly isStreamed: boolean
  readonly isProtected: boolean
  /** The instant that it is a copy of, in milliseconds; absent when no restore made it. */
  readonly restoredTo?: number
}

export interface RecoveryWindow {
  readonly isOn: boolean
  /** Milliseconds, as `latest`. */
  readonly earliest?: number
  readonly latest?: number
}

export interface TableRecovery {
  /** `undefined` when there is no such table. */
  describe(name: string): Promise<TableState | undefined>
  /** The instants to which the table can be restored. There is none yet when recovery was turned on just now. */
  window(name: string): Promise<RecoveryWindow>
  restore(source: string, target: string, at: number): Promise<void>
  /** The resource policy, as JSON; `undefined` when there is none. */
  policy(arn: string): Promise<string | undefined>
  setPolicy(arn: string, policy: string): Promise<void>
  recover(name: string, days: number): Promise<void>
  protect(name: string): Promise<void>
  stream(name: string): Promise<void>
  /** Counts the items by a scan, a page at a time. */
  count(name: string, progress: (items: number) => void): Promise<number>
}

export function tableRecovery(client: Pick<DynamoDBClient, 'send'>): TableRecovery {
  return {
    async describe(name) {
      const { Table } = await client
        .send(new DescribeTableCommand({ TableName: name }))
        .catch(absent<{ Table?: undefined }>({}))
      if (Table === undefined) return undefined
      const { StreamSpecification: stream, RestoreSummary: summary } = Table
      return {
        arn: Table.TableArn ?? '',
        status: Table.TableStatus ?? '',
        isStreamed: stream?.StreamEnabled === true && stream.StreamViewType === 'NEW_IMAGE',
        isProtected: Table.DeletionProtectionEnabled === true,
        ...(summary?.RestoreDateTime && { restoredTo: summary.RestoreDateTime.getTime() }),
      }
    },
    async window(name) {
      const { ContinuousBackupsDescription } = await client.send(
        new DescribeContinuousBackupsCommand({ TableName: name }),
      )
      const { PointInTimeRecoveryStatus, EarliestRestorableDateTime, LatestRestorableDateTime } =
        ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {}
      return {
        isOn: PointInTimeRecoveryStatus === 'ENABLED',
        ...(EarliestRestorableDateTime && { earliest: EarliestRestorableDateTime.getTime() }),
        ...(LatestRestorableDateTime && { latest: LatestRestorableDateTime.getTime() }),
      }
    },
    async restore(source, target, at) {
      const command = { SourceTableName: source, TargetTableName: target, RestoreDateTime: new Date(at) }
      await client.send(new RestoreTableToPointInTimeCommand(command))
    },
    async policy(arn) {
      const { Policy } = await client
        .send(new GetResourcePolicyCommand({ ResourceArn: arn }))
        .catch((error: unknown) => {
          if ((error as Error).name === 'PolicyNotFoundException') return { Policy: undefined }
          throw error
        })
      return Policy
    },
    async setPolicy(arn, policy) {
      await client.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy: policy }))
    },
    async recover(name, days) {
      const specification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: days }
      await client.send(
        new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification: specification }),
      )
    },
    async protect(name) {
      await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: true }))
    },
    async stream(name) {
      const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } as const
      await client.send(new UpdateTableCommand({ TableName: name, StreamSpecification }))
    },
    async count(name, progress) {
      let items = 0
      let after: Record<string, { S: string }> | undefined
      do {
        const page = await client.send(
          new ScanCommand({ TableName: name, Select: 'COUNT', ...(after && { ExclusiveStartKey: after }) }),
        )
        items += page.Count ?? 0
        after = page.LastEvaluatedKey as typeof after
        progress(items)
      } while (after !== undefined)
      return items
    },
  }
}

function absent<T>(nothing: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ResourceNotFoundException) return nothing
    throw error
  }
}
