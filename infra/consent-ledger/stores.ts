/**
 * The stateful half of a ledger: tables, buckets, keys. Losing one of them loses the ledger, or the ability to add to it, so each can be
 * kept when its stack is deleted (`retention.ts`) and each can be an existing one. `append-only.ts` limits what may be done to them.
 *
 *   entries   insert-only, streamed            customer key, point-in-time recovery for 35 days
 *   log       insert-only                      the same
 *   vault     rows can be deleted              customer key, point-in-time recovery for one day, no stream, in no locked backup
 *   objects   written once                     versioned, under Object Lock where that was chosen
 *   served    replaced by compare-and-swap     copies of the newest checkpoints, never locked
 *   files     expired after 14 days            what imports take and exports give; nothing of the ledger rests on them
 *
 * Other stacks refer to them by CloudFormation's exports. An export in use cannot change, so a deployment that would replace a table or a
 * key, and leave the ledger with an empty one, fails. A weak reference would follow it without a word.
 */
import { Duration, ReferenceStrength, RemovalPolicy, Resource, Stack, Tags } from 'aws-cdk-lib'
import { Billing, type ITableV2, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { TableName } from '../tables.ts'
import { insertOnly, neverReplaced } from './append-only.ts'
import { type BackupOptions, LedgerBackup } from './backup.ts'
import {
  accessLogsBucket,
  type BucketPurpose,
  failuresBucket,
  filesBucket,
  objectsBucket,
  type PublicBucketOptions,
  servedBucket,
} from './buckets.ts'
import {
  type CheckpointKey,
  checkpointKeysIn,
  type EarlierCheckpointKey,
  firstCheckpointKey,
} from './checkpoint-keys.ts'
import { requireRegion } from './region.ts'
import { ObjectReplication, type Replicating } from './replication.ts'
import { checkRetention, isDestroyedWithItsStack, type Retention } from './retention.ts'
import { shapeOf } from './table-shapes.ts'
import { requireWhole } from './whole-numbers.ts'

/** The KMS keys of a ledger. */
export type LedgerKey = 'dataKey' | 'keyringKey' | 'checkpointKey' | 'witnessKey' | 'receiptKey'

/** Units a second that a table takes at once. */
export interface WarmThroughput {
  /** 4,000 or more. */
  readonly writeUnitsPerSecond: number
  /** 12,000 or more. */
  readonly readUnitsPerSecond: number
}

/** Which stores are made and which exist. Without any of these all are made. */
export interface LedgerStoresProps extends Retention, Replicating {
  /**
   * First part of the buckets' names, `<prefix>-objects-<account>-<region>`, where another stack or region has to know them, as
   * `LedgerEdge` does. @default names that CloudFormation makes up
   */
  readonly bucketPrefix?: string
  /** Whether CloudFront distributions of this account may read the public objects: needed for `LedgerEdge`. @default false */
  readonly readByEdge?: boolean
  /**
   * What new tables take at once. DynamoDB charges once for it, and it cannot be lowered. scale.md says from which rate it is needed.
   * @default 4,000 writes and 12,000 reads a second, which grow with traffic
   */
  readonly warmThroughput?: WarmThroughput
  /** Existing tables. Each needs the string keys `pk` and `sk`; `entries` also a stream of new images. @default new ones */
  readonly existingTables?: Partial<Record<TableName, ITableV2>>
  /**
   * An existing bucket for objects. Its policy is not changed: add the statements of `writeOnce` (append-only.ts) to it, or objects can be
   * replaced. @default a new one
   */
  readonly existingObjects?: IBucket
  /** An existing bucket for the served copies. Its policy is not changed: see `replacedOnly` (append-only.ts). @default a new one */
  readonly existingServed?: IBucket
  /**
   * Existing keys, for example of a ledger that moves into another stack: with another checkpoint key the logs stop. Those that sign need
   * the key spec `ECC_NIST_EDWARDS25519` (Ed25519, RFC 8032). @default new ones
   */
  readonly existingKeys?: Partial<Record<LedgerKey, IKey>>
  /**
   * The keys that sign checkpoints, newest first. A new id makes a new key. One key replaces another in two deployments, as runbook.md says: first
   * both sign, then the earlier one is retired. It stays in the list for ever, or older checkpoints would be taken for a fork. An existing
   * `checkpointKey` is the one with the id `CheckpointKey`.
   * @default one key, `CheckpointKey`
   */
  readonly checkpointKeys?: readonly CheckpointKey[]
  /**
   * Daily backups of `entries`, `log` and the objects by AWS Backup, copied to other accounts and regions. Never of the vault.
   * @default none: point-in-time recovery in the account and region
   */
  readonly backup?: BackupOptions
  /** An existing bucket for S3's server access logs of the others. @default a new one, which keeps them for 90 days */
  readonly existingAccessLogs?: IBucket
}

/**
 * The tables, buckets and keys of a ledger, for a stack of their own. Its stack needs a region.
 *
 * @throws Error at synthesis when the stack has no region, or `Retention` is contradictory
 *
 * @example
 * const stores = new LedgerStores(stack, 'Stores', {
 *   removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
 *   objectLock: { mode: 'governance', retention: Duration.days(3650) },
 * })
 */
export class LedgerStores extends Construct {
  /** Sealed events, policies, controllers. Insert-only. */
  readonly entries: ITableV2
  /** Batches and checkpoints of the logs. Insert-only. */
  readonly log: ITableV2
  /** Keys and names of subjects. Erasure deletes its rows. */
  readonly vault: ITableV2
  /** Tiles, entry bundles, checkpoints, texts, certificates. */
  readonly objects: IBucket
  /** Copies of the newest checkpoints, for static serving. The only objects that are replaced. */
  readonly served: IBucket
  /** Batches that the stream gave up, kept for 14 days for the redrive. */
  readonly failures: IBucket
  /** What imports take and exports give, for 14 days. */
  readonly files: IBucket
  /** S3's server access logs of the other buckets. */
  readonly accessLogs: IBucket
  /** Encrypts the tables. */
  readonly dataKey: IKey
  /** Wraps the controllers' secrets. */
  readonly keyringKey: IKey
  /** Ed25519. Signs checkpoints: the newest one. */
  readonly checkpointKey: IKey
  /** The checkpoint keys that it replaces, newest first. */
  readonly earlierCheckpointKeys: readonly EarlierCheckpointKey[]
  /** Ed25519. Cosigns checkpoints with their time, as the ledger's own witness. */
  readonly witnessKey: IKey
  /** Ed25519. Certifies the keys that sign receipts. */
  readonly receiptKey: IKey
  /** Daily backups, where there are any. */
  readonly backup?: LedgerBackup
  /** Whether `LedgerEdge` can read both buckets: those that exist already have policies of their own, which are not looked at. */
  readonly isReadByEdge: boolean
  /** The choices with which these stores were made. */
  readonly retention: Retention
  private readonly props: LedgerStoresProps

  constructor(scope: Construct, id: string, props: LedgerStoresProps = {}) {
    super(scope, id)
    requireRegion(this)
    checkRetention(props)
    if (props.warmThroughput) checkWarmThroughput(props.warmThroughput)
    if (props.backup && isDestroyedWithItsStack(props.removalPolicy))
      throw new Error(
        'backup: a backup vault that holds backups cannot be destroyed with its stack; set removalPolicy to RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE',
      )
    if (props.replicateTo !== undefined && props.existingObjects)
      throw new Error('replicateTo: an existing bucket of objects is not changed; set its replication where it is made')
    this.props = props
    this.retention = props
    const { existingKeys: keys = {} } = props
    this.dataKey = keys.dataKey ?? this.symmetricKey('DataKey', 'Encrypts the tables of the consent ledger')
    this.keyringKey =
      keys.keyringKey ?? this.symmetricKey('KeyringKey', "Wraps the controllers' secrets of the consent ledger")
    const [newest, ...earlier] = checkpointKeysIn(props.checkpointKeys)
    const checkpointKey = (name: string) =>
      (name === firstCheckpointKey && keys.checkpointKey) ||
      this.signingKey(name, 'Signs checkpoints of the consent ledger’s logs')
    this.checkpointKey = checkpointKey(newest.id)
    this.earlierCheckpointKeys = earlier.map((each) =>
      'id' in each ? { key: checkpointKey(each.id), signs: each.signs } : each,
    )
    this.witnessKey =
      keys.witnessKey ??
      this.signingKey('WitnessKey', 'Cosigns checkpoints of the consent ledger’s logs with their time')
    this.receiptKey =
      keys.receiptKey ?? this.signingKey('ReceiptKey', 'Certifies the keys that sign receipts of the consent ledger')
    this.entries = this.table('entries')
    this.log = this.table('log')
    this.vault = this.table('vault')
    // Backup plans that select by tag must skip the vault, or a restore would bring erased rows back.
    Tags.of(this.vault).add('backup', 'never')
    const { removalPolicy } = this
    const options = (purpose: BucketPurpose) => ({ removalPolicy, bucketName: this.bucketName(purpose) })
    const accessLogs = props.existingAccessLogs ?? accessLogsBucket(this, options('access-logs'))
    this.isReadByEdge = props.readByEdge === true || Boolean(props.existingObjects && props.existingServed)
    const isPublic = { accessLogs, readByEdge: props.readByEdge ?? false }
    this.accessLogs = accessLogs
    this.objects = props.existingObjects ?? this.newObjects({ ...options('objects'), ...isPublic })
    this.served = props.existingServed ?? servedBucket(this, { ...options('served'), ...isPublic })
    this.failures = failuresBucket(this, { ...options('failures'), accessLogs })
    this.files = filesBucket(this, { ...options('files'), accessLogs, encryptionKey: this.dataKey })
    const tables = [this.entries, this.log]
    if (props.backup)
      this.backup = new LedgerBackup(this, 'Backup', { ...props.backup, tables, objects: this.objects, removalPolicy })
    for (const store of this.node.children.filter((child) => Resource.isResource(child)))
      store.applyCrossStackReferenceStrength(ReferenceStrength.STRONG)
  }

  private newObjects(options: PublicBucketOptions): IBucket {
    const { objectLock, replicateTo: destinationArn } = this.props
    const objects = objectsBucket(this, { ...options, objectLock })
    const hasObjectLock = objectLock !== undefined
    if (destinationArn !== undefined)
      new ObjectReplication(this, 'Replication', { objects, destinationArn, hasObjectLock })
    return objects
  }

  /** ARN of objects. With a bucket prefix it is a plain text, so that other stacks need no reference to this one. */
  objectArn(pattern: string): string {
    return this.arnIn('objects', this.objects, this.props.existingObjects, pattern)
  }

  /** ARN, for a policy, of the objects with failed deliveries whose keys match `pattern`. */
  failureArn(pattern: string): string {
    return this.arnIn('failures', this.failures, undefined, pattern)
  }

  /** ARN, for a policy, of the files whose names match `pattern`. */
  fileArn(pattern: string): string {
    return this.arnIn('files', this.files, undefined, pattern)
  }

  /** ARN, for a policy, of the objects that the edge serves whose keys match `pattern`. */
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

  /** Ed25519 (RFC 8032). KMS does not rotate such keys; another key would be another log. */
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
      ...shapeOf(name),
      billing: Billing.onDemand(),
      ...(this.props.warmThroughput && { warmThroughput: this.props.warmThroughput }),
      encryption: TableEncryptionV2.customerManagedKey(this.dataKey),
      deletionProtection: this.props.deletionProtection ?? false,
      removalPolicy: this.removalPolicy,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        // Rows that an erasure deletes must not stay in backups.
        recoveryPeriodInDays: name === 'vault' ? 1 : 35,
      },
      resourcePolicy: name === 'vault' ? neverReplaced() : insertOnly(Stack.of(this)),
      ...(name === 'entries' && { dynamoStream: StreamViewType.NEW_IMAGE }),
    })
  }
}

/** DynamoDB refuses less than what every new table takes. */
function checkWarmThroughput({ writeUnitsPerSecond, readUnitsPerSecond }: WarmThroughput): void {
  requireWhole('warmThroughput.writeUnitsPerSecond', writeUnitsPerSecond, 4_000)
  requireWhole('warmThroughput.readUnitsPerSecond', readUnitsPerSecond, 12_000)
}
