/** The account that the run is in: who calls, the clients of its services, and a session as the twin of the ingest role. */
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import { createS3Client } from '../../functions/aws/s3-objects.ts'
import type { MetricName } from '../../functions/telemetry.ts'
import { metricNamespace } from '../../functions/telemetry.ts'
import { until } from './front-door.ts'

export interface Clients {
  readonly dynamoDb: DynamoDBClient
  readonly s3: S3Client
}

export const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'eu-north-1'

/** Throws a sentence when there are no credentials: a run that tests nothing must not look like one that passed. */
export async function accountOfCaller(): Promise<string> {
  const sts = new STSClient({ region })
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}))
    if (Account === undefined) throw new Error('STS named no account')
    return Account
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `npm run test:aws needs the credentials of an AWS account for tests, and found none that work (${reason}). ` +
        'Sign in (AWS_PROFILE, or aws sso login), run npx cdk bootstrap once, and run it again. Nothing was deployed.',
      { cause: error },
    )
  } finally {
    sts.destroy()
  }
}

export function ownClients(): Clients {
  return { dynamoDb: createDynamoClient({ region }), s3: createS3Client({ region }) }
}

/** A role is known everywhere some seconds after it was made. */
export async function clientsOf(roleArn: string): Promise<Clients> {
  const sts = new STSClient({ region })
  const input = { RoleArn: roleArn, RoleSessionName: 'consent-ledger-test', DurationSeconds: 3600 }
  const session = await until(60_000, `the role ${roleArn}`, () =>
    sts.send(new AssumeRoleCommand(input)).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'AccessDenied') return undefined
      throw error
    }),
  )
  sts.destroy()
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = session.Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  return { dynamoDb: createDynamoClient({ region, credentials }), s3: createS3Client({ region, credentials }) }
}

/** The greatest sum (or, of ages, maximum) of a minute in the last half hour; waits until there is a datapoint. */
export async function measured(ledger: string, metric: MetricName, statistic: 'Sum' | 'Maximum'): Promise<number> {
  const cloudWatch = new CloudWatchClient({ region })
  try {
    return await until(5 * 60_000, `the metric ${metric}`, async () => {
      const now = Date.now()
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: metricNamespace,
          MetricName: metric,
          Dimensions: [{ Name: 'service', Value: ledger }],
          StartTime: new Date(now - 30 * 60_000),
          EndTime: new Date(now),
          Period: 60,
          Statistics: [statistic],
        }),
      )
      return Datapoints.length === 0 ? undefined : Math.max(...Datapoints.map((point) => point[statistic] ?? 0))
    })
  } finally {
    cloudWatch.destroy()
  }
}
