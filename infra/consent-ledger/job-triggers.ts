/**
 * Starts the background functions: the stream of the entries table (`sequence`), its failures (`redrive`), and schedules (`sweep`, `import`
 * and `deliver` each minute, `witness` every 15 minutes where there are witnesses, `release` and `retain` each night, the statistics, the ends of consents and the self-audit each hour, the last in one run or several).
 *
 * The stream is read from its oldest record, so that a recreated mapping skips nothing. A failing batch is retried for six hours and
 * halved (bisected) until the failing record is alone; then it is written to the bucket of failures, from which `redrive` takes the keys.
 * A shard of it has one invocation at a time, because batches of one log would collide at the commit and cause each other retries.
 *
 * The stream of hand-overs (`functions/jobs/hand-over.ts`), where there is one, has ten invocations at a time for a shard: Lambda keeps the
 * order of an item, and a log is an item, so they do not collide. It is read and given up as the stream of entries is.
 */
import { Duration } from 'aws-cdk-lib'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import {
  type EventInvokeConfigOptions,
  EventSourceMapping,
  type EventSourceMappingProps,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { LambdaName } from '../lambda-names.ts'
import { acknowledge } from './acknowledge.ts'
import type { LedgerStores } from './stores.ts'

/** The event of a scheduled run (`functions/jobs/job-request.ts`). */
const bySchedule = { startedBy: 'schedule' }

export interface LedgerStreamProps {
  readonly stores: LedgerStores
  readonly handovers?: ITableV2 | undefined
  /** The aliases that are started. */
  readonly live: Readonly<Record<LambdaName, IFunction>>
  /** How long entries are collected for one batch. Each batch costs a call and some writes; each second delays the proof. */
  readonly batchingWindow: Duration
  /** When the self-audit runs, and in how many runs at once. */
  readonly selfAudit: Schedule
  readonly selfAuditRuns: number
  /** Without any, nothing starts `witness` but an operator. */
  readonly hasWitnesses: boolean
}

export class LedgerStream extends Construct {
  /** Invocations that Lambda or a rule gave up, of the functions that schedules and failures start. Their next runs do the work. */
  readonly deadLetters: Queue
  /** Starts the sweep each minute. */
  readonly sweep: Rule
  private readonly scheduled = new Set<IFunction>()

  constructor(scope: Construct, id: string, props: LedgerStreamProps) {
    super(scope, id)
    const { stores, handovers, live } = props
    const each = {
      target: live.sequence,
      startingPosition: StartingPosition.TRIM_HORIZON,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 1000,
      maxRecordAge: Duration.hours(6),
      // The function's own role has the rights to the bucket (permissions.ts); CDK's destination would grant broader ones.
      onFailure: { bind: () => ({ destination: stores.failures.bucketArn }) },
      supportS3OnFailureDestination: true,
    } satisfies EventSourceMappingProps
    new EventSourceMapping(this, 'Entries', {
      ...each,
      eventSourceArn: stores.entries.tableStreamArn,
      batchSize: 1000,
      maxBatchingWindow: props.batchingWindow,
      parallelizationFactor: 1,
    })
    if (handovers)
      new EventSourceMapping(this, 'Handovers', {
        ...each,
        eventSourceArn: handovers.tableStreamArn,
        batchSize: 100,
        parallelizationFactor: 10,
        // A deletion announces nothing.
        filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
      })

    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'])
      acknowledge(
        this.deadLetters,
        rule,
        'It is the end of the line: nothing takes from it but a person, whom an alarm calls.',
      )

    this.sweep = this.schedule('Sweep', live.sweep, Schedule.rate(Duration.minutes(1)))
    this.schedule('Import', live.import, Schedule.rate(Duration.minutes(1)))
    this.schedule('Deliver', live.deliver, Schedule.rate(Duration.minutes(1)))
    this.schedule('Export', live.export, Schedule.rate(Duration.minutes(2)))
    this.schedule('Release', live.release, Schedule.cron({ hour: '2', minute: '43' }))
    this.schedule('Retain', live.retain, Schedule.cron({ hour: '1', minute: '13' }))
    // After midnight in UTC the first run of the hour counts the day before.
    this.schedule('Statistics', live.statistics, Schedule.cron({ minute: '27' }))
    this.schedule('Expiry', live.expiry, Schedule.cron({ minute: '7' }))
    if (props.hasWitnesses) this.schedule('Witness', live.witness, Schedule.rate(Duration.minutes(15)))
    else this.onFailure(live.witness, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })
    const of = props.selfAuditRuns
    for (let share = 0; share < of; share++) {
      const event = { ...bySchedule, share, of }
      this.schedule(`SelfAudit${share === 0 ? '' : share}`, live['self-audit'], props.selfAudit, event)
    }
    this.onFailure(live.redrive, { retryAttempts: 2, maxEventAge: Duration.hours(6) })
    new Rule(this, 'Redrive', {
      description: 'What the stream gave up is given its place in the log',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [stores.failures.bucketName] } },
      },
      targets: [this.target(live.redrive, { retryAttempts: 185, maxEventAge: Duration.hours(24) })],
    })
  }

  /** No retries, because the next run does the same work. */
  private schedule(id: string, target: IFunction, schedule: Schedule, event: object = bySchedule): Rule {
    const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1), event: RuleTargetInput.fromObject(event) }
    if (!this.scheduled.has(target)) this.onFailure(target, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })
    this.scheduled.add(target)
    return new Rule(this, id, { schedule, targets: [this.target(target, once)] })
  }

  private onFailure(lambda: IFunction, options: EventInvokeConfigOptions): void {
    lambda.configureAsyncInvoke({ ...options, onFailure: new SqsDestination(this.deadLetters) })
  }

  private target(lambda: IFunction, props: Partial<ConstructorParameters<typeof LambdaTarget>[1]>): LambdaTarget {
    return new LambdaTarget(lambda, { ...props, deadLetterQueue: this.deadLetters })
  }
}
