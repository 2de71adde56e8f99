/**
 * S3 replication of the bucket of objects to a bucket that somebody else may own: tiles, entry bundles, checkpoints, texts and certificates,
 * each once, within minutes of its writing. What a role may do is what S3 needs for that
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html): it reads versions here and adds replicas there,
 * and it can delete neither. Deletions are not replicated. What was written before is not, either: runbook.md says how to copy it.
 *
 * Both buckets need versioning, and where this one has Object Lock the other needs it too. Untested against AWS.
 */
import { Stack, Token } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { acknowledgePattern } from './acknowledge.ts'

/** A choice of the stores, and of a ledger that makes its own. */
export interface Replicating {
  /**
   * ARN of a bucket with versioning, best of another account and region, to which S3 replicates each new object of the log. With `objectLock` it
   * needs Object Lock too. See [a second copy](../runbook.md#a-second-copy); untested against AWS. @default none
   */
  readonly replicateTo?: string
}

interface ReplicationProps {
  readonly objects: Bucket
  readonly destinationArn: string
  /** Replicas then have the locks of their objects. */
  readonly hasObjectLock: boolean
}

const whyPattern = 'S3 replicates all objects of the bucket, and names them itself.'

export class ObjectReplication extends Construct {
  /** The role with which S3 replicates: the other bucket's policy has to let it in when another account owns that bucket. */
  readonly role: Role

  constructor(scope: Construct, id: string, { objects, destinationArn, hasObjectLock }: ReplicationProps) {
    super(scope, id)
    checkBucketArn(destinationArn)
    const { account } = Stack.of(this)
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('s3.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      description: 'Replicates the objects of the consent ledger to another bucket',
    })
    const raw = objects.node.defaultChild as CfnBucket
    raw.replicationConfiguration = {
      role: this.role.roleArn,
      rules: [
        {
          id: 'second-copy',
          status: 'Enabled',
          priority: 1,
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Disabled' },
          destination: { bucket: destinationArn },
        },
      ],
    }
    const [sources, replicas] = [objects.arnForObjects('*'), `${destinationArn}/*`]
    const readLocks = hasObjectLock ? ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] : []
    const reading = ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging']
    for (const [actions, resource] of [
      [['s3:GetReplicationConfiguration', 's3:ListBucket'], objects.bucketArn],
      [[...reading, ...readLocks], sources],
      [['s3:ReplicateObject', 's3:ReplicateTags'], replicas],
    ] as const)
      this.role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }))
    for (const pattern of [sources, replicas]) acknowledgePattern(this.role, pattern, whyPattern)
  }
}

/** CloudFormation refuses another ARN only at deployment. @throws Error that shows the form */
function checkBucketArn(arn: string): void {
  if (Token.isUnresolved(arn) || /^arn:[\w-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(arn)) return
  throw new Error(`replicateTo: ${arn} is not the ARN of a bucket, arn:aws:s3:::NAME`)
}
