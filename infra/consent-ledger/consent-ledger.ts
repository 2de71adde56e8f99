/**
 * A consent ledger for a CDK app: `new ConsentLedger(this, 'Ledger', { host, administrators })` makes all of it, and `cdk destroy` removes
 * all of it. A ledger with real data needs the choices of `Retention`. Existing resources are passed in: stores (or single tables, the
 * buckets, the keys: `LedgerStores`), a domain, an issuer or a user pool.
 */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { IAlarmAction, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { Schedule } from 'aws-cdk-lib/aws-events'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { MetricName } from '../../functions/telemetry.ts'
import type { Access } from '../../shared/api/routes.ts'
import type { LambdaName } from '../lambda-names.ts'
import { LedgerAlarms } from './alarms.ts'
import { type Domain, defaultThrottles, LedgerApi, type Throttle, type TokenIssuer } from './api.ts'
import { LedgerDashboard } from './dashboard.ts'
import { LedgerFunctions, type Sizing } from './functions.ts'
import { checkIssuer, type Issuer } from './identity.ts'
import { LedgerOutputs } from './outputs.ts'
import { publicCopies, publicObjects } from './public-objects.ts'
import { requireRegion } from './region.ts'
import type { Retention } from './retention.ts'
import { ledgerMetric } from './service-levels.ts'
import { LedgerStores } from './stores.ts'
import { LedgerStream } from './stream.ts'

/** `deletionProtection` and `objectLock` are for stores made here; stores that are passed in have their own. */
export interface ConsentLedgerProps extends Retention {
  /** First part of the origin of every log, `<host>/<controller>`. It never changes: with another one the logs would be others. */
  readonly host: string
  /** Whose tokens with scope `ledger.admin` create controllers. */
  readonly administrators: Issuer
  /** What API Gateway checks tokens of audit and administration against, where all controllers share an issuer. @default nothing: each function verifies the token of its controller’s own provider */
  readonly tokens?: TokenIssuer
  /** Tells several ledgers of an account apart: in metrics, alarms and the dashboard. @default the stack's name */
  readonly name?: string
  /** @default new ones, in this construct, with `removalPolicy`, `deletionProtection` and `objectLock` as given here */
  readonly stores?: LedgerStores
  /** @default the API's own address */
  readonly domain?: Domain
  /** Where everybody reaches the ledger, when a CDN is in front. @default the domain, or the API's own address */
  readonly publicUrl?: string
  /** All requests come through `LedgerEdge`, which tells from whom. @default false: the peer is the caller */
  readonly isBehindEdge?: boolean
  /** How long entries gather for one batch of the log. @default Duration.seconds(10) */
  readonly batchingWindow?: Duration
  /**
   * From one checkpoint of a log to the next: each is two signatures, and the proof of an entry waits for it. The sweep publishes what is
   * left within a minute, so that the promised two minutes hold. @default Duration.seconds(30)
   */
  readonly checkpointInterval?: Duration
  /** @default Sundays at 03:17 UTC */
  readonly selfAudit?: Schedule
  /** By who may call. @default `defaultThrottles` */
  readonly throttles?: Partial<Record<Access, Throttle>>
  /** By function. @default `defaultSizing` */
  readonly sizing?: Partial<Record<LambdaName, Partial<Sizing>>>
  /**
   * Reserves 3 of the account's concurrency, for the sequencer and the sweep, so that a flood of events cannot hold up the logs. The quota
   * has to leave 100 unreserved, and that of a new account is 10. @default false
   */
  readonly reserveConcurrency?: boolean
  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays
  /** Who is called by an alarm. @default nobody: alarms are on the dashboard only */
  readonly alarmAction?: IAlarmAction
  /** Where the runbook is read. @default the file in this project */
  readonly runbook?: string
}

export class ConsentLedger extends Construct {
  readonly stores: LedgerStores
  readonly api: LedgerApi
  readonly functions: Readonly<Record<LambdaName, LambdaFunction>>
  readonly alarms: LedgerAlarms
  readonly stream: LedgerStream
  readonly outputs: LedgerOutputs
  /** Where everybody reaches it; without a slash at the end. */
  readonly url: string
  private readonly name: string

  constructor(scope: Construct, id: string, props: ConsentLedgerProps) {
    super(scope, id)
    requireRegion(this)
    checkIssuer('administrators', props.administrators)
    const { logRetention = RetentionDays.THREE_MONTHS, runbook = 'infra/runbook.md' } = props
    const { batchingWindow = Duration.seconds(10), checkpointInterval = Duration.seconds(30) } = props
    checkPromise(batchingWindow, checkpointInterval)
    this.name = props.name ?? Stack.of(this).stackName
    this.stores = storesOf(this, props)
    const removalPolicy = props.removalPolicy ?? this.stores.retention.removalPolicy ?? RemovalPolicy.DESTROY
    this.api = new LedgerApi(this, 'FrontDoor', {
      ...(props.domain && { domain: props.domain }),
      ...(props.tokens && { issuer: props.tokens }),
      throttles: { ...defaultThrottles, ...props.throttles },
      logRetention,
      removalPolicy,
    })
    this.url = props.publicUrl ?? this.api.url
    this.functions = new LedgerFunctions(this, 'Functions', {
      stores: this.stores,
      environment: {
        host: props.host,
        ledger: this.name,
        baseUrl: this.url,
        administrators: Stack.of(this).toJsonString(props.administrators),
        viewer: props.isBehindEdge ? 'edge' : 'peer',
        publishEvery: String(checkpointInterval.toSeconds()),
      },
      logRetention,
      removalPolicy,
      reserveConcurrency: props.reserveConcurrency ?? false,
      ...(props.sizing && { sizing: props.sizing }),
    }).byName
    this.api.serve(this.functions)
    this.stream = new LedgerStream(this, 'Log', {
      stores: this.stores,
      functions: this.functions,
      batchingWindow,
      selfAudit: props.selfAudit ?? Schedule.cron({ weekDay: 'SUN', hour: '3', minute: '17' }),
    })
    const sources = { ledger: this.name, api: this.api.api, functions: this.functions, stores: this.stores }
    this.alarms = new LedgerAlarms(this, 'Alarms', {
      ...sources,
      deadLetters: this.stream.deadLetters,
      runbook,
      ...(props.alarmAction && { action: props.alarmAction }),
    })
    new LedgerDashboard(this, 'Overview', { ...sources, alarms: this.alarms.alarms, runbook })
    this.outputs = new LedgerOutputs(this, 'Outputs', {
      url: this.url,
      administrators: props.administrators,
      retention: this.stores.retention,
    })
  }

  /** One of the ledger's own metrics: a sum over five minutes, of ages the greatest. */
  metric(name: MetricName, options?: MetricOptions): Metric {
    return ledgerMetric(this.name, name, options)
  }

  /** Service level: seconds that the oldest entry has waited for a checkpoint. */
  metricCheckpointAge(options?: MetricOptions): Metric {
    return this.metric('CheckpointAge', options)
  }

  /** To read checkpoints, tiles and texts as objects; not entry bundles, which carry pseudonyms. */
  grantReadLog(grantee: IGrantable): Grant {
    const { objects, served } = this.stores
    const resourceArns = [
      ...publicObjects.map((pattern) => objects.arnForObjects(pattern)),
      ...publicCopies.map((pattern) => served.arnForObjects(pattern)),
    ]
    return Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns })
  }

  /** To read the public keys that verify the logs: what an auditor keeps. */
  grantReadPublicKeys(grantee: IGrantable): Grant {
    const { checkpointKey, witnessKey } = this.stores
    const resourceArns = [checkpointKey.keyArn, witnessKey.keyArn]
    return Grant.addToPrincipal({ grantee, actions: ['kms:GetPublicKey'], resourceArns })
  }

  /** To have entries sequenced that no doorbell announced: `{ "keys": [{ "pk", "sk" }] }`. */
  grantRedrive(grantee: IGrantable): Grant {
    return this.functions.redrive.grantInvoke(grantee)
  }
}

function storesOf(scope: Construct, props: ConsentLedgerProps): LedgerStores {
  const { stores, removalPolicy, deletionProtection, objectLock } = props
  if (stores === undefined)
    return new LedgerStores(scope, 'Stores', {
      ...(removalPolicy && { removalPolicy }),
      ...(deletionProtection !== undefined && { deletionProtection }),
      ...(objectLock && { objectLock }),
    })
  if (deletionProtection === undefined && objectLock === undefined) return stores
  throw new Error('deletionProtection and objectLock are of the stores: give them to the LedgerStores that you hand in')
}

/** A receipt promises a place in a published log within two minutes; an entry may just miss a checkpoint, and then a sweep. */
function checkPromise(batchingWindow: Duration, checkpointInterval: Duration): void {
  const longest = batchingWindow.toSeconds() + checkpointInterval.toSeconds() + 60
  if (longest <= 105) return
  throw new Error(
    `a batching window of ${batchingWindow.toSeconds()} s and a checkpoint each ${checkpointInterval.toSeconds()} s may break the promise of two minutes: together they may be 45 s at most`,
  )
}
