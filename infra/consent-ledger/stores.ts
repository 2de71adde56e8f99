/**
 * The stateful half of a ledger: tables, objects, keys. DESIGN section 4. Whoever loses one of these loses the ledger, or the right
 * to add to it; so each is kept when its stack goes, and can be one that exists already. What may be done to them is in
 * `append-only.ts`; nothing of a request runs here.
 *
 *   entries   insert-only, streamed            customer key, point-in-time recovery for 35 days
 *   log       insert-only                      the same
 *   vault     forgets                          customer key, point-in-time recovery for one day, no stream, in no locked backup
 *   objects   written once but for `served/`   versioned, Object Lock
 */
import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib'
import {
  AttributeType,
  Billing,
  type ITableV2,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { type TableName, tables } from '../tables.ts'
import { acknowledge } from './acknowledge.ts'
import { insertOnly, neverReplaced, writeOnce } from './append-only.ts'
import { readByEdge } from './public-objects.ts'

export type LedgerKey = 'dataKey' | 'keyringKey' | 'checkpointKey' | 'witnessKey' | 'receiptKey'

export interface LedgerStoresProps {
  /**
   * Everything can be deleted with its stack: no retention, no deletion protection, no Object Lock. For stages that come and go.
   * @default false: everything stays, whatever becomes of the stack
   */
  readonly destroyable?: boolean
  /**
   * How long an object of the log cannot be deleted by anyone, the account's root included (Object Lock, compliance).
   * @default Duration.days(3650), none when destroyable
   */
  readonly objectLock?: Duration
  /**
   * Begins the names of the buckets, `<prefix>-objects-<account>-<region>`: where something in another stack or region has to know them.
   * @default names that CloudFormation makes up
   */
  readonly bucketPrefix?: string
  /** What is public of the objects may be read by CloudFront: see `LedgerEdge`. @default false */
  readonly readByEdge?: boolean
  /** Tables that exist. Each must have the string keys `pk` and `sk`, `entries` a stream of new images. @default new ones */
  readonly existingTables?: Partial<Record<TableName, ITableV2>>
  /** A bucket that exists; its policy is its owner's business: see `writeOnce`. @default a new one */
  readonly existingObjects?: IBucket
  /**
   * Keys that exist, as when a ledger moves into another stack: another checkpoint key would be another log. The three that sign are of
   * `ECC_NIST_EDWARDS25519`. @default new ones
   */
  readonly existingKeys?: Partial<Record<LedgerKey, IKey>>
  /** Server access logs of the buckets. @default a bucket of their own, 90 days */
  readonly existingAccessLogs?: IBucket
}

export class LedgerStores extends Construct {
  readonly entries: ITableV2
  readonly log: ITableV2
  readonly vault: ITableV2
  /** Tiles, bundles, checkpoints, texts, certificates. */
  readonly objects: IBucket
  /** Batches that the stream gave up, for 14 days: the redrive reads them. */
  readonly failures: IBucket
  readonly accessLogs: IBucket
  /** Encrypts the tables. */
  readonly dataKey: IKey
  /** Wraps the controllers' secrets. */
  readonly keyringKey: IKey
  /** Ed25519: signs checkpoints and certificates; the ledger's own witness; certifies the keys of receipts. */
  readonly checkpointKey: IKey
  readonly witnessKey: IKey
  readonly receiptKey: IKey
  private readonly props: LedgerStoresProps

  constructor(scope: Construct, id: string, props: LedgerStoresProps = {}) {
    super(scope, id)
    this.props = props
    const { existingKeys: keys = {} } = props
    this.dataKey = keys.dataKey ?? this.symmetricKey('DataKey', 'Encrypts the tables of the consent ledger')
    this.keyringKey =
      keys.keyringKey ?? this.symmetricKey('KeyringKey', "Wraps the controllers' secrets of the consent ledger")
    this.checkpointKey =
      keys.checkpointKey ?? this.signingKey('CheckpointKey', 'Signs checkpoints of the consent ledger’s logs')
    this.witnessKey =
      keys.witnessKey ??
      this.signingKey('WitnessKey', 'Cosigns checkpoints of the consent ledger’s logs with their time')
    this.receiptKey =
      keys.receiptKey ?? this.signingKey('ReceiptKey', 'Certifies the keys that sign receipts of the consent ledger')
    this.entries = this.table('entries')
    this.log = this.table('log')
    this.vault = this.table('vault')
    // For whoever backs up by tags: what is forgotten must not come back.
    Tags.of(this.vault).add('backup', 'never')
    this.accessLogs = props.existingAccessLogs ?? this.accessLogsBucket()
    this.objects = props.existingObjects ?? this.objectsBucket()
    this.failures = this.failuresBucket()
  }

  /** Where the prefix makes it known, an ARN without a reference: the same text in every stack. */
  objectArn(pattern: string): string {
    return this.arnIn('objects', this.props.existingObjects ?? this.objects, pattern)
  }

  failureArn(pattern: string): string {
    return this.arnIn('failures', this.failures, pattern)
  }

  private arnIn(purpose: 'objects' | 'failures', bucket: IBucket, pattern: string): string {
    const name = bucket === this.props.existingObjects ? undefined : this.bucketName(purpose)
    return name === undefined
      ? bucket.arnForObjects(pattern)
      : `arn:${Stack.of(this).partition}:s3:::${name}/${pattern}`
  }

  private bucketName(purpose: string): string | undefined {
    const { account, region } = Stack.of(this)
    return this.props.bucketPrefix && `${this.props.bucketPrefix}-${purpose}-${account}-${region}`
  }

  private get removalPolicy(): RemovalPolicy {
    return this.props.destroyable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
  }

  private symmetricKey(id: string, description: string): Key {
    return new Key(this, id, {
      description,
      enableKeyRotation: true,
      removalPolicy: this.removalPolicy,
      pendingWindow: Duration.days(this.props.destroyable ? 7 : 30),
    })
  }

  /** KMS signs with Ed25519 as RFC 8032 has it; such keys are not rotated: another key is another log. */
  private signingKey(id: string, description: string): Key {
    return new Key(this, id, {
      description,
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: this.removalPolicy,
      pendingWindow: Duration.days(this.props.destroyable ? 7 : 30),
    })
  }

  private table(name: TableName): ITableV2 {
    const existing = this.props.existingTables?.[name]
    if (existing) return existing
    return new TableV2(this, name.charAt(0).toUpperCase() + name.slice(1), {
      ...keysOf(name),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.dataKey),
      deletionProtection: !this.props.destroyable,
      removalPolicy: this.removalPolicy,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        // What the vault forgets must not live on in its backups.
        recoveryPeriodInDays: name === 'vault' ? 1 : 35,
      },
      resourcePolicy: name === 'vault' ? neverReplaced() : insertOnly(Stack.of(this)),
      ...(name === 'entries' && { dynamoStream: StreamViewType.NEW_IMAGE }),
    })
  }

  private objectsBucket(): Bucket {
    const { destroyable, objectLock = Duration.days(3650) } = this.props
    const bucket = new Bucket(this, 'Objects', {
      ...this.bucketDefaults('objects'),
      versioned: true,
      ...(!destroyable && { objectLockDefaultRetention: ObjectLockRetention.compliance(objectLock) }),
    })
    this.logAccess(bucket, 'objects/')
    for (const statement of writeOnce(bucket, destroyable === true)) bucket.addToResourcePolicy(statement)
    if (this.props.readByEdge) for (const statement of readByEdge(bucket)) bucket.addToResourcePolicy(statement)
    return bucket
  }

  private failuresBucket(): Bucket {
    const bucket = new Bucket(this, 'Failures', {
      ...this.bucketDefaults('failures'),
      lifecycleRules: [{ id: 'redriven-by-then', expiration: Duration.days(14) }],
    })
    this.logAccess(bucket, 'failures/')
    // The bus of events, since notifications to a function would come with a custom resource of broad rights.
    const raw = bucket.node.defaultChild as CfnBucket
    raw.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } }
    return bucket
  }

  private accessLogsBucket(): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      ...this.bucketDefaults('access-logs'),
      lifecycleRules: [{ id: 'forget', expiration: Duration.days(90) }],
    })
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'This bucket holds the access logs of the others; logging its own would not end.',
    )
    return bucket
  }

  /** By a policy of the bucket of logs; CDK's own way depends on an app's flags, and may use access lists, which are off here. */
  private logAccess(bucket: Bucket, logFilePrefix: string): void {
    const raw = bucket.node.defaultChild as CfnBucket
    raw.loggingConfiguration = { destinationBucketName: this.accessLogs.bucketName, logFilePrefix }
    this.accessLogs.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.accessLogs.arnForObjects(`${logFilePrefix}*`)],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
  }

  private bucketDefaults(purpose: 'objects' | 'failures' | 'access-logs') {
    const name = this.bucketName(purpose)
    return {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: this.removalPolicy,
      autoDeleteObjects: this.props.destroyable === true,
      ...(name !== undefined && { bucketName: name }),
    }
  }
}

function keysOf(name: TableName): Pick<TablePropsV2, 'partitionKey' | 'sortKey'> {
  const { partitionKey, sortKey } = tables.find((table) => table.name === name) ?? tables[0]
  const type = AttributeType.STRING
  return { partitionKey: { name: partitionKey.name, type }, sortKey: { name: sortKey.name, type } }
}
