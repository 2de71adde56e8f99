/**
 * What starts functions that have no caller, and where it goes when they fail, as the templates have it:
 *
 *   schedules     the input of each rule. moto's rules never fire, so a test starts the jobs; the sweep is started each second
 *   given up      Lambda's record of a batch that the stream gave up, put into the bucket of failures with the role of `sequence`. moto's S3
 *                 sends its notice to moto's EventBridge, whose rule has the pattern of the template. moto cannot start the bundles:
 *                 the rule's target is a queue, from which notices are taken and `redrive` is started
 *   dead letters  moto's queue. Lambda's part is played: the retries of the template, then the record of the invocation, with the
 *                 function's role
 *
 * Not here: EventBridge's own retries and dead letters, the times of schedules, the age at which an event is given up.
 */
import { randomUUID } from 'node:crypto'
import { PutBucketNotificationConfigurationCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { type LambdaName, lambdaNames } from '../../infra/lambda-names.ts'
import type { Outcome } from '../support/lambda-process.ts'
import type { Json, Synthesised } from '../support/synthesised.ts'
import { asker } from './moto-calls.ts'
import type { AwsCredentials } from './role-sessions.ts'

export interface DeadLetter {
  /** What Lambda records of an invocation that it gave up. */
  readonly record: Json
  delete(): Promise<void>
}

export interface BackgroundWork {
  /** What the schedule of a job sends. */
  readonly schedules: ReadonlyMap<LambdaName, unknown>
  /** As Lambda does where nobody waits for the answer. */
  start(lambda: LambdaName, event: unknown): Promise<Outcome>
  /** As Lambda does with a batch of the stream that failed for too long. */
  giveUp(batch: DynamoDBStreamEvent): Promise<void>
  /** Starts `redrive` with each notice that its rule let through. */
  redrive(): Promise<void>
  deadLetters(): Promise<readonly DeadLetter[]>
  /** Messages of the queue, those that were received and not deleted included. */
  countDeadLetters(): Promise<number>
}

export interface BackgroundOptions {
  readonly endpoint: string
  readonly region: string
  readonly synthesised: Synthesised
  /** What a name in the templates is called here. */
  readonly here: (inTemplate: string) => string
  /** Names a resource here by the one in the templates. */
  readonly name: (inTemplate: string, here: string, inStatements: string) => void
  readonly invoke: (lambda: LambdaName, event: unknown) => Promise<Outcome>
  readonly credentialsOf: (lambda: LambdaName) => Promise<AwsCredentials>
}

export async function startBackgroundWork(options: BackgroundOptions): Promise<BackgroundWork> {
  const { endpoint, region, synthesised, here, invoke, credentialsOf } = options
  const sqs = asker(endpoint, region, 'sqs', 'AmazonSQS')
  const events = asker(endpoint, region, 'events', 'AWSEvents')
  const rules = synthesised.of('AWS::Events::Rule').map(({ properties }) => properties)
  const failures = here('{StoresFailures}')

  const createQueue = async (QueueName: string): Promise<string> => (await sqs('CreateQueue', { QueueName })).QueueUrl
  const [deadLetterUrl, noticeUrl] = await Promise.all(['dead-letters', 'notices'].map(createQueue))
  options.name('{LedgerLogDeadLetters}', 'dead-letters', '{LedgerLogDeadLetters.Arn}')
  await putRule(rules.find(({ Targets }) => Targets[0].Arn === aliasOf('redrive')))

  async function putRule({ EventPattern }: Json): Promise<void> {
    const pattern = JSON.stringify(EventPattern).replace('{StoresFailures}', failures)
    await events('PutRule', { Name: 'redrive', EventPattern: pattern, State: 'ENABLED' })
    const asked = { QueueUrl: noticeUrl, AttributeNames: ['QueueArn'] }
    const { Attributes } = await sqs('GetQueueAttributes', asked)
    await events('PutTargets', { Rule: 'redrive', Targets: [{ Id: 'notices', Arn: Attributes.QueueArn }] })
    const bucket = synthesised.of('AWS::S3::Bucket').find(({ properties }) => properties.BucketName === failures)
    if (!bucket?.properties.NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled) return
    const s3 = new S3Client({ region, forcePathStyle: true })
    const NotificationConfiguration = { EventBridgeConfiguration: {} }
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: failures, NotificationConfiguration }))
    s3.destroy()
  }

  async function take(QueueUrl: string | undefined) {
    const { Messages = [] } = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
    return Messages.map(({ Body, ReceiptHandle }: Json) => ({
      record: JSON.parse(Body),
      delete: async () => void (await sqs('DeleteMessage', { QueueUrl, ReceiptHandle })),
    })) as DeadLetter[]
  }

  async function start(lambda: LambdaName, event: unknown): Promise<Outcome> {
    const alias = aliasOf(lambda).slice(1, -1)
    const { properties } =
      synthesised.of('AWS::Lambda::EventInvokeConfig').find(({ id }) => id.startsWith(`${alias}EventInvokeConfig`)) ??
      {}
    if (properties === undefined) throw new Error(`nobody starts ${lambda} without waiting`)
    for (let tries = 1; ; tries++) {
      const outcome = await invoke(lambda, event)
      if (!outcome.error) return outcome
      if (tries <= properties.MaximumRetryAttempts) continue
      const { Destination } = properties.DestinationConfig.OnFailure
      if (Destination !== '{LedgerLogDeadLetters.Arn}') throw new Error(`nothing stands in for ${Destination}`)
      const record = {
        ...{ version: '1.0', timestamp: new Date().toISOString() },
        requestContext: { requestId: randomUUID(), condition: 'RetriesExhausted', approximateInvokeCount: tries },
        requestPayload: event,
        responseContext: { statusCode: 200, executedVersion: '1', functionError: 'Unhandled' },
        responsePayload: { errorType: outcome.error.name, errorMessage: outcome.error.message },
      }
      const { accessKeyId } = await credentialsOf(lambda)
      await sqs('SendMessage', { QueueUrl: deadLetterUrl, MessageBody: JSON.stringify(record) }, accessKeyId)
      return outcome
    }
  }

  return {
    start,
    schedules: new Map(
      rules
        .filter(({ ScheduleExpression }) => ScheduleExpression !== undefined)
        .map(({ Targets: [target] }) => [lambdaOf(target.Arn), JSON.parse(target.Input)]),
    ),
    async giveUp(batch) {
      const s3 = new S3Client({ region, forcePathStyle: true, credentials: await credentialsOf('sequence') })
      const condition = { condition: 'RecordAgeExceeded', approximateInvokeCount: 1 }
      const record = { version: '1.0', requestContext: condition, payload: JSON.stringify(batch) }
      const Key = `aws/lambda/${randomUUID()}/shardId-00000001/${new Date().toISOString().slice(0, 10)}`
      await s3.send(new PutObjectCommand({ Bucket: failures, Key, Body: JSON.stringify(record) }))
      s3.destroy()
    },
    async redrive() {
      for (const notice of await take(noticeUrl)) {
        await start('redrive', notice.record)
        await notice.delete()
      }
    },
    deadLetters: () => take(deadLetterUrl),
    async countDeadLetters() {
      const { Attributes } = await sqs('GetQueueAttributes', { QueueUrl: deadLetterUrl, AttributeNames: ['All'] })
      return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
    },
  }
}

/** The alias `live` of a function, as templates refer to it. */
function aliasOf(lambda: LambdaName): string {
  const words = lambda.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return `{LedgerFunctions${words.join('')}Live}`
}

function lambdaOf(alias: string): LambdaName {
  return lambdaNames.find((lambda) => aliasOf(lambda) === alias) ?? fail(`${alias} is no function`)
}

function fail(message: string): never {
  throw new Error(message)
}
