/**
 * What becomes of a ledger's data, as whoever deploys it chooses. Without a choice everything can be destroyed, so that a first attempt
 * leaves nothing behind; for a ledger that holds real data all three are set (infra/README.md, "Before it holds real data").
 *
 * Checked before anything is made, because each of these combinations would only fail at a deployment or at the end of a stack.
 */
import { type Duration, RemovalPolicy } from 'aws-cdk-lib'
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3'

export interface Retention {
  /**
   * Of tables, buckets, keys and log groups. `RETAIN_ON_UPDATE_OR_DELETE` keeps them when their stack goes, and removes those that a
   * failed first deployment has just made, so that it can be repeated. @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy
  /**
   * DynamoDB refuses to delete the tables, also on behalf of CloudFormation: a first deployment that fails could then not be rolled back.
   * So it is set once the first deployment has succeeded. @default false
   */
  readonly deletionProtection?: boolean
  /**
   * A lock on each object of the log and each text from the moment it is written. CloudFormation replaces the bucket when a lock is added
   * or taken away, so it is chosen before the first deployment; mode and time can change later. @default none
   */
  readonly objectLock?: ObjectLock
}

export interface ObjectLock {
  /**
   * `governance`: whoever has `s3:BypassGovernanceRetention` can lift it, once the bucket's policy no longer denies that.
   * `compliance`: nobody can, AWS and the account's root user included, until the time has passed; the bucket costs until then.
   */
  readonly mode: 'governance' | 'compliance'
  /** Whole days from the writing of each object. */
  readonly retention: Duration
}

export function checkRetention({ removalPolicy, deletionProtection, objectLock }: Retention): void {
  if (removalPolicy === RemovalPolicy.SNAPSHOT)
    throw new Error(
      'removalPolicy SNAPSHOT: tables, buckets and keys have no snapshots; DESTROY and RETAIN_ON_UPDATE_OR_DELETE are possible',
    )
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

export function isDestroyedWithItsStack(removalPolicy: RemovalPolicy = RemovalPolicy.DESTROY): boolean {
  return removalPolicy === RemovalPolicy.DESTROY
}

export function defaultLock({ mode, retention }: ObjectLock): ObjectLockRetention {
  return mode === 'governance' ? ObjectLockRetention.governance(retention) : ObjectLockRetention.compliance(retention)
}
