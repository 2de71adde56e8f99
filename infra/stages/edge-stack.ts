/** CloudFront and its web ACL, in us-east-1. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { LedgerEdge } from '../consent-ledger/edge.ts'
import type { Stage, StageDomain } from './stages.ts'

export interface EdgeStackProps extends StackProps {
  readonly name: string
  readonly stage: Stage
  readonly domain: StageDomain
  readonly objectsName: string
  readonly servedName: string
}

export class EdgeStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { name, stage, domain, objectsName, servedName, ...props }: EdgeStackProps,
  ) {
    super(scope, id, props)
    const edge = new LedgerEdge(this, 'Edge', {
      name,
      domainName: domain.name,
      certificateArn: domain.certificateArn,
      apiDomainName: domain.api.name,
      objectsName,
      servedName,
      objectsRegion: stage.region,
      ...(stage.limits && { limits: stage.limits }),
      removalPolicy: stage.removalPolicy,
      clientCertificateArn: domain.mutualTls.clientCertificateArn,
    })
    new CfnOutput(this, 'DomainTarget', {
      description: `What the DNS record of ${domain.name} points at`,
      value: edge.distribution.distributionDomainName,
    })
  }
}
