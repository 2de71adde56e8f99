/**
 * Makes tables and buckets append-only by permission: a Deny in the policy of the table or bucket binds every principal of the account,
 * whatever its own policies allow. The account's owner can still change that policy, because a policy that cannot be changed locks its
 * owner out. An organisation forbids the change from outside, by a service control policy (`infra/runbook.md` has one).
 *
 * DynamoDB: `PartiQLInsert` fails when the key exists, so it is the only write that replaces nothing. All others are denied, also in
 * transactions, which need the same rights for each item; so is time to live, by which the service itself deletes.
 * S3: a write must declare that it replaces nothing (`If-None-Match: *`) or, for a served copy, which version it replaces. S3 compares
 * with the current version only, so deletes are denied too: after a delete marker the name could be written again.
 */
import { ArnFormat, type Stack } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'

const replacing = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:UpdateTimeToLive',
]

/** Policy of the tables `entries` and `log`. DynamoDB's replication role is exempt, or no replica could be added. */
export function insertOnly(stack: Stack): PolicyDocument {
  const replication = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: 'aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  })
  return document('InsertOnly', [...replacing, 'dynamodb:DeleteItem'], {
    ArnNotEquals: { 'aws:PrincipalArn': replication },
  })
}

/** Policy of the vault: rows are deleted, or lose single keys to retention (`UpdateItem`), and are never overwritten. */
export function neverReplaced(): PolicyDocument {
  return document(
    'NeverReplaced',
    replacing.filter((action) => action !== 'dynamodb:UpdateItem'),
  )
}

/** In a table's own policy `*` means that table only. Its ARN would be a circular reference. */
function document(sid: string, actions: string[], conditions?: Record<string, unknown>): PolicyDocument {
  const statement = new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: ['*'],
    ...(conditions && { conditions }),
  })
  return new PolicyDocument({ statements: [statement] })
}

/** Names of objects that are written once. */
export const writtenOnce = ['log/*', 'texts/*', 'certificates/*', 'operations/*']
/** Names of served copies, which are replaced by compare-and-swap and have a bucket of their own. */
export const replaced = ['served/*']
/** Names of the self-audit's position, in the same bucket. CloudFront may not read them. */
export const auditPositions = ['audit/*']

/** Policy of the bucket of objects. A bucket that is destroyed with its stack can be emptied. */
export function writeOnce(bucket: IBucket, isDestroyed: boolean): PolicyStatement[] {
  return [
    deny('WriteOnce', ['s3:PutObject'], {
      resources: named(bucket, writtenOnce),
      conditions: { Null: { 's3:if-none-match': 'true' } },
    }),
    deny('NoOtherNames', ['s3:PutObject'], { notResources: named(bucket, writtenOnce) }),
    ...(isDestroyed ? [] : neverDeleted(bucket)),
  ]
}

/** Policy of the bucket of served copies. */
export function replacedOnly(bucket: IBucket, isDestroyed: boolean): PolicyStatement[] {
  const names = [...replaced, ...auditPositions]
  return [
    deny('CompareAndSwap', ['s3:PutObject'], {
      resources: named(bucket, names),
      conditions: { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' } },
    }),
    deny('NoOtherNames', ['s3:PutObject'], { notResources: named(bucket, names) }),
    ...(isDestroyed ? [] : neverDeleted(bucket)),
  ]
}

function neverDeleted(bucket: IBucket): PolicyStatement[] {
  return [
    deny('NeverDeleted', ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'], {
      resources: named(bucket, ['*']),
    }),
    deny('NeverExpired', ['s3:PutLifecycleConfiguration'], { resources: [bucket.bucketArn] }),
  ]
}

function named(bucket: IBucket, patterns: readonly string[]): string[] {
  return patterns.map((pattern) => bucket.arnForObjects(pattern))
}

function deny(
  sid: string,
  actions: string[],
  rest: { resources?: string[]; notResources?: string[]; conditions?: object },
): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, ...rest })
}
