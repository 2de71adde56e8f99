/**
 * Which objects are public: checkpoints, hash tiles and texts. The path of a hash tile has its level, a number of one or two digits.
 * Entry bundles contain pseudonyms; their path has `entries` there, which these patterns do not match. Checkpoints also have served
 * copies in a bucket of their own, all of which is public.
 */
import { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'

export const publicObjects = ['texts/*', 'log/*/checkpoints/*', 'log/*/tile/?/*', 'log/*/tile/??/*']
export const publicCopies = ['served/*']

const cloudFront = new ServicePrincipal('cloudfront.amazonaws.com')

/**
 * Lets the CloudFront distributions of this account read objects; the id of the ledger's own distribution is not known here. The right to
 * list makes S3 answer 404, not 403, for a missing object; no path at the edge returns a list.
 */
export function readByEdge(bucket: IBucket, patterns: readonly string[]): PolicyStatement[] {
  const { account, partition } = Stack.of(bucket)
  const common = {
    principals: [cloudFront],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudfront::${account}:distribution/*` },
    },
  }
  return [
    new PolicyStatement({
      sid: 'EdgeReads',
      actions: ['s3:GetObject'],
      resources: patterns.map((pattern) => bucket.arnForObjects(pattern)),
      ...common,
    }),
    new PolicyStatement({
      sid: 'EdgeKnowsAbsence',
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      ...common,
    }),
  ]
}

/** Statement for the bucket of objects: denies bundles to CloudFront even if a pattern of public objects ever matched one. */
export function bundlesNeverRead(bucket: IBucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'EdgeNeverReadsBundles',
    effect: Effect.DENY,
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects('log/*/tile/entries/*')],
    principals: [cloudFront],
  })
}
