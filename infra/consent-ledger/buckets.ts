/**
 * The buckets of a ledger. All are private, encrypted, reached by TLS 1.2 or later, and have their access logged.
 *
 *   Objects      written once: tiles, bundles, checkpoints, certificates, texts. Versioned; with Object Lock where that was chosen
 *   Served       copies of checkpoints, replaced by compare-and-swap every half minute for a busy log, and the positions of the self-audit.
 *                Never locked, because a lock would keep each version for as long as an object of the log
 *   Failures     batches that the stream gave up, kept for 14 days
 *   Files        what imports take and exports give: personal data, under the tables' key, expired after 14 days. Not versioned and never locked
 *   AccessLogs   S3's access logs of the others, kept for 90 days
 *
 * With RemovalPolicy.DESTROY CDK's custom resource empties them first, because S3 deletes no bucket that holds objects. Its role may only
 * write its logs; the policies of these buckets let it delete. Where the data is kept this role does not exist.
 */
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  HttpMethods,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { replacedOnly, writeOnce } from './append-only.ts'
import { bundlesNeverRead, publicCopies, publicObjects, readByEdge } from './public-objects.ts'
import { defaultLock, isDestroyedWithItsStack, type ObjectLock } from './retention.ts'

export type BucketPurpose = 'objects' | 'served' | 'failures' | 'files' | 'access-logs'

export interface BucketOptions {
  readonly removalPolicy: RemovalPolicy
  /** `undefined`: CloudFormation chooses the name. */
  readonly bucketName: string | undefined
}

export interface LoggedBucketOptions extends BucketOptions {
  readonly accessLogs: IBucket
}

export interface PublicBucketOptions extends LoggedBucketOptions {
  /** CloudFront may read its public objects. */
  readonly readByEdge: boolean
}

export function accessLogsBucket(scope: Construct, options: BucketOptions): Bucket {
  const bucket = new Bucket(scope, 'AccessLogs', {
    ...common(options),
    lifecycleRules: [{ id: 'forget', expiration: Duration.days(90) }],
  })
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'This bucket holds the access logs of the others; logging its own would not end.',
  )
  return bucket
}

export function objectsBucket(
  scope: Construct,
  options: PublicBucketOptions & { readonly objectLock: ObjectLock | undefined },
): Bucket {
  const { objectLock, removalPolicy } = options
  const bucket = new Bucket(scope, 'Objects', {
    ...common(options),
    versioned: true,
    ...(objectLock && { objectLockDefaultRetention: defaultLock(objectLock) }),
  })
  logAccess(bucket, 'objects/', options)
  const edge = options.readByEdge ? [...readByEdge(bucket, publicObjects), bundlesNeverRead(bucket)] : []
  const statements = [...writeOnce(bucket, isDestroyedWithItsStack(removalPolicy)), ...edge]
  for (const statement of statements) bucket.addToResourcePolicy(statement)
  return bucket
}

export function servedBucket(scope: Construct, options: PublicBucketOptions): Bucket {
  const bucket = new Bucket(scope, 'Served', common(options))
  logAccess(bucket, 'served/', options)
  const edge = options.readByEdge ? readByEdge(bucket, publicCopies) : []
  const statements = [...replacedOnly(bucket, isDestroyedWithItsStack(options.removalPolicy)), ...edge]
  for (const statement of statements) bucket.addToResourcePolicy(statement)
  return bucket
}

export function failuresBucket(scope: Construct, options: LoggedBucketOptions): Bucket {
  const bucket = new Bucket(scope, 'Failures', {
    ...common(options),
    lifecycleRules: [{ id: 'redriven-by-then', expiration: Duration.days(14) }],
  })
  logAccess(bucket, 'failures/', options)
  // EventBridge, because CDK's notifications to a function bring a custom resource with broad rights.
  const raw = bucket.node.defaultChild as CfnBucket
  raw.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } }
  return bucket
}

/** As long as `transferFilesKeptDays` of `shared/ledger/transfers/transfer-files.ts`, which nothing here may import; a test compares them. */
export const filesKeptFor = Duration.days(14)

/** Pages of any origin may use a presigned URL, which is the credential: the console has another origin than the bucket. */
export function filesBucket(scope: Construct, options: LoggedBucketOptions & { readonly encryptionKey: IKey }): Bucket {
  const bucket = new Bucket(scope, 'Files', {
    ...common(options),
    encryption: BucketEncryption.KMS,
    encryptionKey: options.encryptionKey,
    bucketKeyEnabled: true,
    cors: [{ allowedMethods: [HttpMethods.GET, HttpMethods.PUT], allowedOrigins: ['*'], allowedHeaders: ['*'] }],
    lifecycleRules: [{ id: 'expire', expiration: filesKeptFor, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  })
  logAccess(bucket, 'files/', options)
  return bucket
}

/** Allows S3 to write access logs. CDK's own way depends on the app's flags and may use access control lists, which are off here. */
function logAccess(bucket: Bucket, logFilePrefix: string, { accessLogs }: LoggedBucketOptions): void {
  const raw = bucket.node.defaultChild as CfnBucket
  raw.loggingConfiguration = { destinationBucketName: accessLogs.bucketName, logFilePrefix }
  accessLogs.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [accessLogs.arnForObjects(`${logFilePrefix}*`)],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(bucket).account } },
    }),
  )
}

function common({ removalPolicy, bucketName }: BucketOptions): BucketProps {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy,
    autoDeleteObjects: isDestroyedWithItsStack(removalPolicy),
    ...(bucketName !== undefined && { bucketName }),
  }
}
