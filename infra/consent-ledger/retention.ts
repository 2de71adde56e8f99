/**
 * What happens to a ledger's data when its stack is deleted. By default everything is destroyed with it, so that a first attempt leaves
 * no resources. For a ledger with real data all three members are set (README.md, "Before it holds real data").
 *
 * Impossible combinations are refused at synthesis, because they would fail only at a deployment or when the stack is deleted.
 */
import { type Duration, RemovalPolicy } from 'aws-cdk-lib'
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3'

/** What happens to the data of a ledger when its stack is deleted. */
export interface Retention {
  /**
   * For tables, buckets, keys and log groups. `RETAIN_ON_UPDATE_OR_DELETE` keeps them when their stack goes, and removes those that a
   * failed first deployment has just made, so that it can be repeated. @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy
  /**
   * DynamoDB then refuses to delete the tables, even for CloudFormation, which could not roll back a first deployment that fails. So set it
   * once the first deployment has succeeded. @default false
   */
  readonly deletionProtection?: boolean
  /**
   * Locks each object of the log and each text from the moment it is written. CloudFormation replaces the bucket when the lock is added
   * or removed, so choose it before the first deployment; mode and time can change later. @default none
   */
  readonly objectLock?: ObjectLock
}

/** S3 Object Lock of the bucket of objects, as its default for each new object. */
export interface ObjectLock {
  /**
   * `governance`: principals with `s3:BypassGovernanceRetention` can lift it, once the bucket's policy no longer denies that.
   * `compliance`: no one can lift it before its time, including AWS and the account's root user; the bucket costs until then.
   */
  readonly mode: 'governance' | 'compliance'
  /** How long each object is locked, from when it is written: whole days, at least one. */
  readonly retention: Duration
}

export function checkRetention({ removalPolicy, deletionProtection, objectLock }: Retention): void {
  if (removalPolicy === RemovalPolicy.SNAPSHOT)
    throw new Error(
      'removalPolicy SNAPSHOT: tables, buckets and keys have no snapshots; DESTROY and RETAIN_ON_UPDATE_OR_DELETE are possible',
    )
  refuseRetain(removalPolicy)
  const isDestroyed = isDestroyedWithItsStack(removalPolicy)
  const keep = 'set removalPolicy to RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE'
  if (isDestroyed && objectLock)
    throw new Error(`objectLock: a locked bucket cannot be destroyed with its stack; ${keep}, or leave objectLock out`)
  if (isDestroyed && deletionProtection)
    throw new Error(`deletionProtection: protected tables cannot be destroyed with their stack; ${keep}`)
  const lockedDays = objectLock?.retention.toDays({ integral: false })
  if (lockedDays !== undefined && (lockedDays < 1 || !Number.isInteger(lockedDays)))
    throw new Error('objectLock.retention: S3 locks objects for whole days, at least one: Duration.days(30)')
}

/** `RETAIN` also keeps what a failed first deployment made: its names are then taken, and its keys cost until someone finds them. */
export function refuseRetain(removalPolicy: RemovalPolicy | undefined): void {
  if (removalPolicy === RemovalPolicy.RETAIN)
    throw new Error(
      'removalPolicy RETAIN: what a failed first deployment made would stay and be in the way of the next; RETAIN_ON_UPDATE_OR_DELETE keeps data as well',
    )
}

export function isDestroyedWithItsStack(removalPolicy: RemovalPolicy = RemovalPolicy.DESTROY): boolean {
  return removalPolicy === RemovalPolicy.DESTROY
}

export function defaultLock({ mode, retention }: ObjectLock): ObjectLockRetention {
  return mode === 'governance' ? ObjectLockRetention.governance(retention) : ObjectLockRetention.compliance(retention)
}
