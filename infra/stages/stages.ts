/**
 * The stages of this app and what differs between them. `npx cdk deploy --all -c stage=prod`; without `-c stage` the stage is `dev`.
 *
 * `dev` needs only an account: the API has AWS's address, tokens come from the stage's own user pool, and everything can be destroyed.
 * `staging` and `prod` need your domain, certificates and identity provider: replace the examples below before deploying. Synthesis for a
 * real account refuses values that are still examples (`made-up-values.ts`).
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { TokenIssuer } from '../consent-ledger/api.ts'
import type { BackupOptions } from '../consent-ledger/backup.ts'
import type { CheckpointKey } from '../consent-ledger/checkpoint-keys.ts'
import type { ConsentLedgerProps } from '../consent-ledger/consent-ledger.ts'
import type { LedgerEdgeProps } from '../consent-ledger/edge.ts'
import type { Issuer } from '../consent-ledger/identity.ts'
import type { ObjectLock } from '../consent-ledger/retention.ts'

export interface Stage {
  readonly region: string
  /** What happens to tables, buckets, keys and log groups when their stack is deleted. */
  readonly removalPolicy: RemovalPolicy
  /**
   * Tables, user pool and stacks refuse to be deleted. CloudFormation cannot roll back protected resources either, so set it to true once
   * the first deployment has succeeded, and deploy again. @default false
   */
  readonly deletionProtection?: boolean
  /** Chosen before the first deployment: see `Retention`. @default none */
  readonly objectLock?: ObjectLock
  /** Daily backups, copied to other accounts and regions. @default none */
  readonly backup?: BackupOptions
  /** ARN of a bucket to which the objects of the log are replicated: see `LedgerStoresProps`. @default none */
  readonly replicateTo?: string
  /** First part of the origin of every log. It can never change. */
  readonly host: string
  readonly domain?: StageDomain
  /** @default a user pool of the stage's own, with clients for `controllers` */
  readonly identity?: { readonly administrators: Issuer; readonly tokens?: TokenIssuer }
  /** Where people sign in to the console. @default nobody does */
  readonly console?: ConsentLedgerProps['console']
  /** Ids of controllers that get a client in the stage's own user pool. */
  readonly controllers?: readonly string[]
  /**
   * The account's quota of concurrent executions in the region; three are then reserved for `sequence` and `sweep`.
   * @default none: a new account has 10, and none to reserve
   */
  readonly concurrencyQuota?: number
  /** A dashboard in CloudWatch. @default false */
  readonly dashboard?: boolean
  /** A line of API Gateway for each call. @default false */
  readonly accessLog?: boolean
  /** @default that of the construct: a tenth of the calls for a quarter of an hour */
  readonly traffic?: ConsentLedgerProps['traffic']
  readonly logRetention: RetentionDays
  readonly batchingWindow: Duration
  readonly checkpointInterval: Duration
  /** Memory, timeout and concurrency of single functions. @default those of the construct */
  readonly sizing?: ConsentLedgerProps['sizing']
  /** Calls that API Gateway lets through on a route. @default those of the construct */
  readonly throttles?: ConsentLedgerProps['throttles']
  /** Entries of one controller. @default that of the construct */
  readonly controllerLimit?: ConsentLedgerProps['controllerLimit']
  /** Calls of one address, site key or token, where there is a domain. @default those of the construct */
  readonly limits?: LedgerEdgeProps['limits']
  /** What the tables take at once. @default what a new table takes */
  readonly warmThroughput?: ConsentLedgerProps['warmThroughput']
  /** Keys that sign checkpoints, newest first: see `LedgerStoresProps`. @default one */
  readonly checkpointKeys?: readonly CheckpointKey[]
  /** Address that alarms are mailed to. @default none */
  readonly alarmEmail?: string
}

export interface StageDomain {
  /** Name at which clients reach the ledger: CloudFront's, with a certificate in us-east-1. */
  readonly name: string
  readonly certificateArn: string
  /** Name at which CloudFront reaches the API: below `name`, with a certificate in the stage's region. */
  readonly api: { readonly name: string; readonly certificateArn: string }
  /** The certificate that CloudFront presents to the API, and the API's truststore with its authority: `s3://bucket/key`. */
  readonly mutualTls: {
    readonly clientCertificateArn: string
    readonly truststore: { readonly bucket: string; readonly key: string }
  }
}

const login = 'https://login.example.com/consent-ledger'
const exampleIdentity = {
  administrators: { issuer: login, audience: 'consent-ledger', jwksUri: `${login}/jwks.json` },
  tokens: { issuer: login, audience: 'consent-ledger' },
}

function exampleDomain(name: string, region: string): StageDomain {
  const certificate = (where: string, id: string) => `arn:aws:acm:${where}:111122223333:certificate/${id}`
  return {
    name,
    certificateArn: certificate('us-east-1', '00000000-0000-4000-8000-000000000001'),
    api: { name: `api.${name}`, certificateArn: certificate(region, '00000000-0000-4000-8000-000000000002') },
    mutualTls: {
      clientCertificateArn: certificate('us-east-1', '00000000-0000-4000-8000-000000000003'),
      truststore: { bucket: `truststore.${name}`, key: 'authorities.pem' },
    },
  }
}

export const stages = {
  dev: {
    region: 'eu-north-1',
    removalPolicy: RemovalPolicy.DESTROY,
    host: 'dev.consent-ledger.internal',
    controllers: ['acme'],
    traffic: 'at-once',
    logRetention: RetentionDays.ONE_WEEK,
    batchingWindow: Duration.seconds(2),
    checkpointInterval: Duration.seconds(2),
  },
  staging: {
    region: 'eu-north-1',
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    deletionProtection: false, // true once the first deployment has succeeded
    objectLock: { mode: 'governance', retention: Duration.days(30) },
    host: 'consent.staging.example.com',
    domain: exampleDomain('consent.staging.example.com', 'eu-north-1'),
    identity: exampleIdentity,
    concurrencyQuota: 1000,
    logRetention: RetentionDays.ONE_MONTH,
    batchingWindow: Duration.seconds(10),
    checkpointInterval: Duration.seconds(30),
  },
  prod: {
    region: 'eu-north-1',
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    deletionProtection: false, // true once the first deployment has succeeded
    // 'compliance' cannot be lifted before its time: choose it only once governance has worked for a while.
    objectLock: { mode: 'governance', retention: Duration.days(3650) },
    host: 'consent.example.com',
    domain: exampleDomain('consent.example.com', 'eu-north-1'),
    identity: exampleIdentity,
    concurrencyQuota: 1000,
    logRetention: RetentionDays.THREE_MONTHS,
    batchingWindow: Duration.seconds(10),
    checkpointInterval: Duration.seconds(30),
    alarmEmail: 'on-call@example.com',
  },
} as const satisfies Record<string, Stage>

export type StageName = keyof typeof stages

export function stageNamed(name: string): StageName {
  if (Object.hasOwn(stages, name)) return name as StageName
  throw new Error(`no stage "${name}"; there are ${Object.keys(stages).join(', ')}: cdk deploy --all -c stage=dev`)
}
