/**
 * Append-only by permission. What no role may do, whatever its own policies say: a Deny in the policy of the table or bucket binds every
 * principal of the account. It ends where the account's owner changes that policy, which these policies do not forbid: a policy that
 * cannot be changed locks its owner out. An organisation forbids it from outside (a service control policy; the runbook has one).
 *
 * DynamoDB: `PartiQLInsert` fails when the key exists, so it is the one write that replaces nothing. All others are denied, also within
 * transactions, which need the same rights for each of their items; and so is time to live, which deletes in the service's own name.
 * S3: a write must say that it replaces nothing (`If-None-Match: *`), or, of a served copy, what it replaces. S3 looks at the current
 * version only, so deletes are denied as well: a delete marker would open a name again.
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

/** Of the tables `entries` and `log`. The service's own replication role is exempt: without it a replica could not be added. */
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

/** Of the vault: a row is deleted whole, or loses single keys to retention; it is never put over another one. */
export function neverReplaced(): PolicyDocument {
  return document(
    'NeverReplaced',
    replacing.filter((action) => action !== 'dynamodb:UpdateItem'),
  )
}

/** The policy stands at the table, so `*` means that table only; its ARN would be a reference to itself. */
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

/** Names that are written once, and the folder of copies that are replaced by compare-and-swap, in a bucket of its own. */
export const writtenOnce = ['log/*', 'texts/*', 'certificates/*']
export const replaced = ['served/*']

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
  return [
    deny('CompareAndSwap', ['s3:PutObject'], {
      resources: named(bucket, replaced),
      conditions: { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' } },
    }),
    deny('NoOtherNames', ['s3:PutObject'], { notResources: named(bucket, replaced) }),
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
