/**
 * The whole ledger as one construct: stores, functions, HTTP API, stream, alarms, dashboard. Existing tables, buckets and keys, a domain, an
 * issuer or a user pool can be passed in. By default `cdk destroy` removes everything; a ledger with real data sets `Retention`.
 */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { IAlarmAction, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { type ILambdaDeploymentConfig, LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Schedule } from 'aws-cdk-lib/aws-events'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { MetricName } from '../../functions/telemetry.ts'
import type { Access } from '../../shared/api/routes.ts'
import type { LambdaName } from '../lambda-names.ts'
import { checkCertificate, checkEdge, checkHost, checkPublicUrl } from './addresses.ts'
import { LedgerAlarms } from './alarms.ts'
import { type Domain, LedgerApi, type TokenIssuer } from './api.ts'
import { type ConsoleOptions, consoleConfigOf } from './console-sign-in.ts'
import { LedgerDashboard } from './dashboard.ts'
import { type LedgerBuses, LedgerFunctions, type Sizing } from './functions.ts'
import { handoversTable } from './handovers.ts'
import { checkIssuer, type Issuer } from './identity.ts'
import { LedgerStream } from './job-triggers.ts'
import { LedgerOutputs } from './outputs.ts'
import { checkPromise } from './promise.ts'
import { publicCopies, publicObjects } from './public-objects.ts'
import { requireRegion } from './region.ts'
import { LedgerReleases } from './releases.ts'
import { refuseRetain } from './retention.ts'
import { ledgerMetric } from './service-levels.ts'
import { knownArns } from './signing-keys.ts'
import type { LedgerStores } from './stores.ts'
import { type StoreChoices, storesOf } from './stores-of.ts'
import { checkThrottle, defaultControllerLimit, defaultThrottles, type Throttle } from './throttles.ts'
import { checkedWitnesses, type Witnessing, witnessesText } from './witnesses.ts'

/**
 * What a ledger is made of. Only `host` and `administrators` are required. `deletionProtection` and `objectLock` apply to stores that are
 * made here: for `stores` that are passed in, set them on `LedgerStores`.
 */
export interface ConsentLedgerProps extends StoreChoices, ConsoleOptions, LedgerBuses, Witnessing {
  /**
   * DNS name, the first part of every log's origin (`<host>/<controller>`, https://c2sp.org/tlog-checkpoint). It never changes: under
   * another name all logs are new and the old ones are closed.
   */
  readonly host: string
  /** The identity provider of the ledger's administrators: its tokens with scope `ledger.admin` create controllers. */
  readonly administrators: Issuer
  /**
   * The issuer whose tokens API Gateway checks on audit, administration, erasure and hold routes, where all controllers share one that can name
   * two audiences in a token: the ledger's and the controller's. The function behind a route verifies the token in either case.
   * @default none: only the function verifies, against the controller’s own provider
   */
  readonly tokens?: TokenIssuer
  /**
   * Tells several ledgers of an account apart: a dimension of the metrics, and part of the names of the dashboard and the access log. In one
   * app and region no two can share it.
   * @default the stack's name
   */
  readonly name?: string
  /**
   * Tables, buckets and keys, usually in a stack of their own, so that the functions can be replaced without touching them.
   * @default new ones, in this construct, with `removalPolicy`, `deletionProtection` and `objectLock` as given here
   */
  readonly stores?: LedgerStores
  /** The API's own domain name. It turns off the address that API Gateway gives. @default none: that address */
  readonly domain?: Domain
  /**
   * Address of the ledger for its callers, `https://...` without a slash at the end, where CloudFront or another CDN is in front.
   * @default `domain`, or the API's own address
   */
  readonly publicUrl?: string
  /**
   * Whether all requests come through `LedgerEdge`, which writes the caller's address into `x-viewer-address`. It needs `domain.truststore`:
   * a caller who reaches the API directly would bypass the web ACL, and could write any address there. And it needs `publicUrl`, because
   * callers cannot use the API's own domain, and `stores` with `readByEdge`. @default false: the address of the connection counts
   */
  readonly isBehindEdge?: boolean
  /**
   * How long the stream gathers entries for one batch of the log. A longer window costs fewer calls and writes, and delays proofs. With
   * `checkpointInterval` it must not exceed 45 seconds, or a receipt's promise of two minutes could be broken.
   * @default Duration.seconds(10)
   */
  readonly batchingWindow?: Duration
  /**
   * Least time from one checkpoint of a log to the next. Each costs two signatures of KMS, and the proof of an entry waits for it. The
   * sweep publishes what is left within a minute. @default Duration.seconds(30)
   */
  readonly checkpointInterval?: Duration
  /** When the self-audit is started, for ten minutes: it compares what is new each day, and begins a pass over everything each 30 days. @default each hour */
  readonly selfAudit?: Schedule
  /** Runs of the self-audit that are started at once, each for a share of a pass; at most 64. From 100 million entries on more are needed. @default 1 */
  readonly selfAuditRuns?: number
  /**
   * Requests that API Gateway lets through, for each kind of access. Each limit is for a route, over all callers and controllers.
   * @default `defaultThrottles`, also for each kind that is left out
   */
  readonly throttles?: Partial<Record<Access, Throttle>>
  /**
   * Entries that one controller's log may grow by: events, and the records of reads and administration. Beyond it, whatever would record
   * for that controller is answered 429, and other controllers' calls are not. The growth is known some half a minute late, to each
   * instance of the function by itself, so a flood records for that long, and the rate holds on average only.
   * @default `defaultControllerLimit`: 1,000 a second, 100,000 at once
   */
  readonly controllerLimit?: Throttle
  /**
   * Whether one instance of `sequence` at a time works on a log, by a further table and its stream; for several logs with 1,000 events a
   * second or more each ([ceilings](../scale.md); [how to turn it off](README.md#before-it-holds-real-data)). `ending` takes what was handed over and hands over no more.
   * @default false
   */
  readonly handsOver?: boolean | 'ending'
  /** Memory, timeout and reserved concurrency of single functions. @default `defaultSizing` */
  readonly sizing?: Partial<Record<LambdaName, Partial<Sizing>>>
  /**
   * The account's quota of concurrent executions in this region, less what others have reserved. Where it is stated, 3 are reserved for the
   * sequencer and the sweep, so that a flood of events cannot hold up the logs. Synthesis refuses what would leave fewer than 100
   * unreserved: a new account's quota is 10, which has none to give. @default nothing is reserved
   */
  readonly concurrencyQuota?: number
  /**
   * Whether API Gateway writes a line for each call, beside the function's own. It costs some $0.2 a million calls, and tells more only about
   * calls that no function answered. @default false
   */
  readonly accessLog?: boolean
  /**
   * How a new version takes over the calls and the stream: by AWS CodeDeploy, which puts the traffic back when an alarm goes off, and starts
   * nothing while one is on. `at-once`: without it, as for the mend of a fault whose alarm is on. The default is as long as the slowest of
   * those alarms needs. @default LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES
   */
  readonly traffic?: ILambdaDeploymentConfig | 'at-once'
  /** How long CloudWatch keeps the logs of the functions and the API. @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays
  /** Whether there is a CloudWatch dashboard of the ledger's metrics and alarms: $3 a month. @default false */
  readonly dashboard?: boolean
  /** What every alarm does, for example write to an SNS topic. @default nothing: alarms show in CloudWatch only */
  readonly alarmAction?: IAlarmAction
  /** Address of the runbook in the description of each alarm, which adds `#section`. @default 'infra/runbook.md', in this repository */
  readonly runbook?: string
}

/**
 * A consent ledger. Its stack needs a region. The outputs `Url` and `Next` say where it is and what to do next.
 *
 * @throws Error at synthesis when the stack has no region, `host` or `publicUrl` has another form, `administrators` leads to no keys, the
 * batching window and the checkpoint interval are too long together, a web ACL could be bypassed, more is reserved than the quota allows, a
 * limit is no whole number or its burst below its rate, another ledger has the name, or `Retention` is contradictory. The message says what
 * to write instead.
 *
 * @example
 * const ledger = new ConsentLedger(stack, 'Consent', {
 *   host: 'consent.example.com',
 *   administrators: { issuer: 'https://login.example.com', audience: 'consent-ledger' },
 * })
 * ledger.metricCheckpointAge().createAlarm(stack, 'Late', { threshold: 60, evaluationPeriods: 1 })
 */
export class ConsentLedger extends Construct {
  /** The stores that were passed in, or were made here. */
  readonly stores: LedgerStores
  /** Keys of entries that are to be sequenced, for a day at most. Only with `handsOver`. */
  readonly handovers?: ITableV2
  /** The HTTP API; `api.domain` is the target of a DNS record. */
  readonly api: LedgerApi
  /** The Lambda functions by name, for example `functions.ingest`. */
  readonly functions: Readonly<Record<LambdaName, LambdaFunction>>
  /** The alarms: `alarms.alarms`. */
  readonly alarms: LedgerAlarms
  /** The mapping of the stream and the schedules; `stream.deadLetters` is the queue of invocations that failed. */
  readonly stream: LedgerStream
  /** The stack's outputs. */
  readonly outputs: LedgerOutputs
  /** Address of the ledger for its callers, without a slash at the end. */
  readonly url: string
  private readonly name: string

  constructor(scope: Construct, id: string, props: ConsentLedgerProps) {
    super(scope, id)
    const region = requireRegion(this)
    checkHost(props.host)
    checkPublicUrl(props.publicUrl)
    checkIssuer('administrators', props.administrators)
    checkEdge(props)
    checkCertificate(props.domain, region)
    refuseRetain(props.removalPolicy)
    const { logRetention = RetentionDays.THREE_MONTHS, runbook = 'infra/runbook.md' } = props
    const { batchingWindow = Duration.seconds(10), checkpointInterval = Duration.seconds(30) } = props
    checkPromise(batchingWindow, checkpointInterval)
    const witnesses = checkedWitnesses(props)
    const { controllerLimit = defaultControllerLimit } = props
    const { selfAudit = Schedule.rate(Duration.hours(1)), selfAuditRuns = 1 } = props
    checkThrottle('controllerLimit', controllerLimit)
    this.name = props.name ?? Stack.of(this).stackName
    this.refuseSameName()
    this.stores = storesOf(this, props)
    const removalPolicy = props.removalPolicy ?? this.stores.retention.removalPolicy ?? RemovalPolicy.DESTROY
    this.api = new LedgerApi(this, 'FrontDoor', {
      ...(props.domain && { domain: props.domain }),
      ...(props.tokens && { issuer: props.tokens }),
      throttles: { ...defaultThrottles, ...props.throttles },
      accessLog: props.accessLog ?? false,
      logRetention,
      removalPolicy,
    })
    this.url = props.publicUrl ?? this.api.url
    if (props.handsOver) this.handovers = handoversTable(this, this.stores.dataKey)
    const functions = new LedgerFunctions(this, 'Functions', {
      stores: this.stores,
      ...{ handovers: this.handovers, handsOver: props.handsOver === true, buses: props },
      environment: {
        ...{ host: props.host, ledger: this.name, baseUrl: this.url },
        administrators: Stack.of(this).toJsonString(props.administrators),
        console: Stack.of(this).toJsonString(consoleConfigOf(props.console ?? [])),
        viewer: props.isBehindEdge ? 'edge' : 'peer',
        ...{ publishEvery: String(checkpointInterval.toSeconds()), witnesses: witnessesText(witnesses) },
        controllerLimit: `${controllerLimit.rate}:${controllerLimit.burst}`,
      },
      ...{ logRetention, removalPolicy },
      ...(props.concurrencyQuota !== undefined && { concurrencyQuota: props.concurrencyQuota }),
      ...(props.sizing && { sizing: props.sizing }),
    })
    this.functions = functions.byName
    this.api.serve(functions.live, functions.pages)
    this.stream = new LedgerStream(this, 'Log', {
      stores: this.stores,
      handovers: this.handovers,
      live: functions.live,
      ...{ batchingWindow, selfAudit, selfAuditRuns, hasWitnesses: witnesses.length > 0 },
    })
    const sources = { ledger: this.name, api: this.api.api, functions: this.functions, stores: this.stores }
    this.alarms = new LedgerAlarms(this, 'Alarms', {
      ...sources,
      deadLetters: this.stream.deadLetters,
      runbook,
      ...(props.alarmAction && { action: props.alarmAction }),
    })
    const overview = { ...sources, alarms: this.alarms.alarms, runbook }
    const dashboards = props.dashboard ? [new LedgerDashboard(this, 'Overview', overview)] : []
    const { traffic = LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES } = props
    if (traffic !== 'at-once')
      new LedgerReleases(this, 'Releases', { live: functions.live, alarms: this.alarms.alarms, traffic })
    // The sweep writes the first object, and a bucket that holds one cannot be rolled back: so it starts when all else has been made.
    this.stream.sweep.node.addDependency(this.api, this.alarms, ...dashboards)
    this.outputs = new LedgerOutputs(this, 'Outputs', {
      url: this.url,
      administrators: props.administrators,
      retention: this.stores.retention,
    })
  }

  /** Alarms of both would be silent about one as long as the other works. */
  private refuseSameName(): void {
    const { environment } = Stack.of(this)
    const others = this.node.root.node.findAll().filter((each) => each instanceof ConsentLedger && each !== this)
    const same = (others as ConsentLedger[]).find(
      (each) => each.name === this.name && Stack.of(each).environment === environment,
    )
    if (same)
      throw new Error(
        `name: ${same.node.path} is called ${this.name} too, and the metrics and alarms of both would be one; give ${this.node.path} a name of its own`,
      )
  }

  /** One of the ledger's own metrics over five minutes: of counts the sum, of ages in seconds the maximum. */
  metric(name: MetricName, options?: MetricOptions): Metric {
    return ledgerMetric(this.name, name, options)
  }

  /** Seconds that the oldest entry without a checkpoint has waited. Receipts promise at most 120. */
  metricCheckpointAge(options?: MetricOptions): Metric {
    return this.metric('CheckpointAge', options)
  }

  /** Lets a principal read checkpoints, tiles and texts in the buckets; not entry bundles, which carry pseudonyms. */
  grantReadLog(grantee: IGrantable): Grant {
    const { objects, served } = this.stores
    const resourceArns = [
      ...publicObjects.map((pattern) => objects.arnForObjects(pattern)),
      ...publicCopies.map((pattern) => served.arnForObjects(pattern)),
    ]
    return Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns })
  }

  /** Lets a principal, such as an auditor, read the public keys that verify the logs. */
  grantReadPublicKeys(grantee: IGrantable): Grant {
    const resourceArns = knownArns(['checkpointKey', 'witnessKey'], this.stores)
    return Grant.addToPrincipal({ grantee, actions: ['kms:GetPublicKey'], resourceArns })
  }

  /** Lets a principal have entries sequenced that the stream lost: the event is `{ "keys": [{ "pk", "sk" }] }`, to the alias `live`. */
  grantRedrive(grantee: IGrantable): Grant {
    return this.functions.redrive.grantInvoke(grantee)
  }
}
