/**
 * What of the objects is for everyone: checkpoints, hash tiles and texts. Hash tiles lie below their level, a number of one or two
 * digits; entry bundles, which carry pseudonyms, below `entries`, which these patterns do not match. Checkpoints also have served copies
 * in a bucket of their own, which is public as a whole.
 */
import { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'

export const publicObjects = ['texts/*', 'log/*/checkpoints/*', 'log/*/tile/?/*', 'log/*/tile/??/*']
export const publicCopies = ['served/*']

const cloudFront = new ServicePrincipal('cloudfront.amazonaws.com')

/**
 * For CloudFront's distributions of this account: the edge's own has an id that is not known here. Listing is what makes S3 say 404 of
 * a name that does not exist, and not 403; no path at the edge leads to a list.
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

/** Policy of the bucket of objects: denies bundles to CloudFront even if a pattern of public objects ever matched one. */
export function bundlesNeverRead(bucket: IBucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'EdgeNeverReadsBundles',
    effect: Effect.DENY,
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects('log/*/tile/entries/*')],
    principals: [cloudFront],
  })
}
