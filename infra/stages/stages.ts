/**
 * The stages of our app: what differs between them, in one place. `npx cdk deploy --all -c stage=prod`; without `-c stage` it is `dev`.
 *
 * `dev` needs nothing but an account: the API has its own address, tokens come from a user pool of its own, and everything can be
 * destroyed. `staging` and `prod` have a domain, certificates and an identity provider of yours: replace what is below before deploying.
 * Synthesis with an account refuses values that are still made up (`made-up-values.ts`).
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { TokenIssuer } from '../consent-ledger/api.ts'
import type { ConsentLedgerProps } from '../consent-ledger/consent-ledger.ts'
import type { Issuer } from '../consent-ledger/identity.ts'
import type { ObjectLock } from '../consent-ledger/retention.ts'

export interface Stage {
  readonly region: string
  /** What becomes of tables, buckets, keys and logs when their stack goes. */
  readonly removalPolicy: RemovalPolicy
  /**
   * Tables, user pool and stacks refuse to be deleted. CloudFormation cannot roll back protected resources either, so set it to true once
   * the first deployment has succeeded, and deploy again. @default false
   */
  readonly deletionProtection?: boolean
  /** Chosen before the first deployment: see `Retention`. @default none */
  readonly objectLock?: ObjectLock
  /** First part of the origin of every log. It never changes. */
  readonly host: string
  readonly domain?: StageDomain
  /** @default a user pool of the stage's own, with clients for `controllers` */
  readonly identity?: { readonly administrators: Issuer; readonly tokens?: TokenIssuer }
  /** Ids of controllers that get a client in the stage's own user pool. */
  readonly controllers?: readonly string[]
  /** Three for the logs, of a quota of 103 or more. A new account has 10, and refuses. @default false */
  readonly reserveConcurrency?: boolean
  readonly logRetention: RetentionDays
  readonly batchingWindow: Duration
  readonly checkpointInterval: Duration
  /** Memory, time and concurrency of single functions, and calls a second. @default those of the construct */
  readonly sizing?: ConsentLedgerProps['sizing']
  readonly throttles?: ConsentLedgerProps['throttles']
  /** Who is called by an alarm. @default nobody */
  readonly alarmEmail?: string
}

export interface StageDomain {
  /** Where everybody reaches the ledger: CloudFront, with a certificate in us-east-1. */
  readonly name: string
  readonly certificateArn: string
  /** Where CloudFront reaches the API: a name below, with a certificate in the stage's region. */
  readonly api: { readonly name: string; readonly certificateArn: string }
  /** CloudFront's own certificate towards the API, whose truststore names its authority: `s3://bucket/key`. */
  readonly mutualTls?: {
    readonly clientCertificateArn: string
    readonly truststore: { readonly bucket: string; readonly key: string }
  }
}

const login = 'https://login.example.com/consent-ledger'
const exampleIdentity = {
  administrators: { issuer: login, audience: 'consent-ledger', jwksUri: `${login}/jwks.json` },
  tokens: { issuer: login, audiences: ['consent-ledger', 'consent-ledger/acme'] },
}

function exampleDomain(name: string, region: string): StageDomain {
  const certificate = (where: string, id: string) => `arn:aws:acm:${where}:111122223333:certificate/${id}`
  return {
    name,
    certificateArn: certificate('us-east-1', '00000000-0000-4000-8000-000000000001'),
    api: { name: `api.${name}`, certificateArn: certificate(region, '00000000-0000-4000-8000-000000000002') },
  }
}

export const stages = {
  dev: {
    region: 'eu-north-1',
    removalPolicy: RemovalPolicy.DESTROY,
    host: 'dev.consent-ledger.internal',
    controllers: ['acme'],
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
    reserveConcurrency: true,
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
    reserveConcurrency: true,
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
