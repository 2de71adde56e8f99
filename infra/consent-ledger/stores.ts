/**
 * The stateful half of a ledger: tables, objects, keys. DESIGN section 4. Whoever loses one of these loses the ledger, or the right
 * to add to it; so each can be kept when its stack goes (`retention.ts`), and can be one that exists already. What may be done to them
 * is in `append-only.ts`; nothing of a request runs here.
 *
 *   entries   insert-only, streamed            customer key, point-in-time recovery for 35 days
 *   log       insert-only                      the same
 *   vault     forgets                          customer key, point-in-time recovery for one day, no stream, in no locked backup
 *   objects   written once                     versioned, under Object Lock where that was chosen
 *   served    replaced by compare-and-swap     copies of the newest checkpoints, never locked
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
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { type TableName, tables } from '../tables.ts'
import { insertOnly, neverReplaced } from './append-only.ts'
import { accessLogsBucket, type BucketPurpose, failuresBucket, objectsBucket, servedBucket } from './buckets.ts'
import { requireRegion } from './region.ts'
import { checkRetention, isDestroyedWithItsStack, type Retention } from './retention.ts'

export type LedgerKey = 'dataKey' | 'keyringKey' | 'checkpointKey' | 'witnessKey' | 'receiptKey'

export interface LedgerStoresProps extends Retention {
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
  /** The same for the served copies: see `replacedOnly`. @default a new one */
  readonly existingServed?: IBucket
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
  /** Copies of the newest checkpoints, for static serving. */
  readonly served: IBucket
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
  /** The choices that these stores were made with. */
  readonly retention: Retention
  private readonly props: LedgerStoresProps

  constructor(scope: Construct, id: string, props: LedgerStoresProps = {}) {
    super(scope, id)
    requireRegion(this)
    checkRetention(props)
    this.props = props
    this.retention = props
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
    const { removalPolicy } = this
    const options = (purpose: BucketPurpose) => ({ removalPolicy, bucketName: this.bucketName(purpose) })
    const accessLogs = props.existingAccessLogs ?? accessLogsBucket(this, options('access-logs'))
    const isPublic = { accessLogs, readByEdge: props.readByEdge ?? false }
    this.accessLogs = accessLogs
    this.objects =
      props.existingObjects ?? objectsBucket(this, { ...options('objects'), ...isPublic, objectLock: props.objectLock })
    this.served = props.existingServed ?? servedBucket(this, { ...options('served'), ...isPublic })
    this.failures = failuresBucket(this, { ...options('failures'), accessLogs })
  }

  /** Where the prefix makes it known, an ARN without a reference: the same text in every stack. */
  objectArn(pattern: string): string {
    return this.arnIn('objects', this.objects, this.props.existingObjects, pattern)
  }

  failureArn(pattern: string): string {
    return this.arnIn('failures', this.failures, undefined, pattern)
  }

  servedArn(pattern: string): string {
    return this.arnIn('served', this.served, this.props.existingServed, pattern)
  }

  private arnIn(purpose: BucketPurpose, bucket: IBucket, existing: IBucket | undefined, pattern: string): string {
    const name = bucket === existing ? undefined : this.bucketName(purpose)
    return name === undefined
      ? bucket.arnForObjects(pattern)
      : `arn:${Stack.of(this).partition}:s3:::${name}/${pattern}`
  }

  private bucketName(purpose: BucketPurpose): string | undefined {
    const { account, region } = Stack.of(this)
    return this.props.bucketPrefix && `${this.props.bucketPrefix}-${purpose}-${account}-${region}`
  }

  private get removalPolicy(): RemovalPolicy {
    return this.props.removalPolicy ?? RemovalPolicy.DESTROY
  }

  /** How long KMS waits before it deletes a key: the shortest time it allows when the stores are destroyed, otherwise the longest. */
  private get pendingWindow(): Duration {
    return Duration.days(isDestroyedWithItsStack(this.removalPolicy) ? 7 : 30)
  }

  private symmetricKey(id: string, description: string): Key {
    return new Key(this, id, {
      description,
      enableKeyRotation: true,
      removalPolicy: this.removalPolicy,
      pendingWindow: this.pendingWindow,
    })
  }

  /** KMS signs with Ed25519 as RFC 8032 has it; such keys are not rotated: another key is another log. */
  private signingKey(id: string, description: string): Key {
    return new Key(this, id, {
      description,
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: this.removalPolicy,
      pendingWindow: this.pendingWindow,
    })
  }

  private table(name: TableName): ITableV2 {
    const existing = this.props.existingTables?.[name]
    if (existing) return existing
    return new TableV2(this, name.charAt(0).toUpperCase() + name.slice(1), {
      ...keysOf(name),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.dataKey),
      deletionProtection: this.props.deletionProtection ?? false,
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
}

function keysOf(name: TableName): Pick<TablePropsV2, 'partitionKey' | 'sortKey'> {
  const { partitionKey, sortKey } = tables.find((table) => table.name === name) ?? tables[0]
  const type = AttributeType.STRING
  return { partitionKey: { name: partitionKey.name, type }, sortKey: { name: sortKey.name, type } }
}
