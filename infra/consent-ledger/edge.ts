/**
 * What stands in front of a ledger in production: CloudFront with a web ACL that counts by address. In us-east-1, where both are at home,
 * so it is a stack of its own, and knows the ledger by names only.
 *
 *   /log/<controller>/checkpoint      the served copy in its own bucket in S3, for a few seconds
 *   /log/<controller>/tile/entries/*  the API: entry bundles are for auditors
 *   /log/<controller>/tile/*.p/*      the API: partial tiles are built from batches
 *   /log/<controller>/tile/*          S3, for ever
 *   /v1/texts/*                       S3, for ever
 *   everything else                   the API, never cached
 *
 * S3 is reached without Lambda. The address of the viewer is written by a function at the edge over whatever the request claimed.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  type CfnDistribution,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { echoOrigin, nameViewer, toObject } from './edge-functions.ts'
import { LedgerFirewall, type LedgerFirewallProps } from './firewall.ts'
import { requireCloudFrontRegion } from './region.ts'

export interface LedgerEdgeProps {
  /** Tells several ledgers apart. */
  readonly name: string
  /** Where everybody reaches the ledger. */
  readonly domainName: string
  /** Of ACM, in us-east-1. */
  readonly certificateArn: string
  /** Where API Gateway has the ledger: its own domain, with its default address off. */
  readonly apiDomainName: string
  /** The buckets of objects and of served copies, by name, and their region. */
  readonly objectsName: string
  readonly servedName: string
  readonly objectsRegion: string
  /**
   * The client certificate (of ACM, in us-east-1) with which CloudFront proves itself to the API's domain, whose truststore has its
   * authority: so that nobody goes round the web ACL. @default none: the API's domain answers everybody
   */
  readonly clientCertificateArn?: string
  /** Calls of one address in five minutes: see `LedgerFirewall`. */
  readonly limits?: LedgerFirewallProps['limits']
  /** Of the access logs. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy
}

const accessLogFields = [
  ...['timestamp', 'sc-status', 'cs-method', 'x-edge-result-type', 'x-edge-detailed-result-type', 'x-edge-location'],
  ...['time-taken', 'time-to-first-byte', 'sc-bytes', 'cs-bytes', 'cs-protocol-version', 'ssl-protocol'],
]

export class LedgerEdge extends Construct {
  readonly distribution: Distribution

  constructor(scope: Construct, id: string, props: LedgerEdgeProps) {
    super(scope, id)
    requireCloudFrontRegion(this)
    const firewall = new LedgerFirewall(this, 'Firewall', {
      name: props.name,
      ...(props.limits && { limits: props.limits }),
    })
    const api = this.apiBehavior(props.apiDomainName)
    const objects = this.objectsBehavior(props)
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Consent ledger ${props.name}`,
      domainNames: [props.domainName],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: firewall.arn,
      defaultBehavior: api,
      additionalBehaviors: {
        '/log/*/checkpoint': {
          ...objects,
          origin: this.bucketOrigin('Served', props.servedName, props),
          cachePolicy: this.cacheFor('Checkpoints', Duration.seconds(5)),
        },
        '/log/*/tile/entries/*': api,
        '/log/*/tile/*.p/*': api,
        '/log/*/tile/*': objects,
        '/v1/texts/*': objects,
      },
    })
    if (props.clientCertificateArn) this.proveOurselves(props.clientCertificateArn)
    this.logAccess(props)
    acknowledge(this.distribution, 'AwsSolutions-CFR1', 'People give and withdraw consent from wherever they are.')
    acknowledge(
      this.distribution,
      'AwsSolutions-CFR3',
      'Access logs are delivered through CloudWatch with a list of fields, which the older kind cannot do: no addresses, no user agents.',
    )
  }

  private apiBehavior(domainName: string): BehaviorOptions {
    const name = this.edgeFunction('NameViewer', nameViewer)
    return {
      origin: new HttpOrigin(domainName, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(30),
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [{ function: name, eventType: FunctionEventType.VIEWER_REQUEST }],
    }
  }

  private bucketOrigin(id: string, bucketName: string, { objectsRegion: region }: LedgerEdgeProps): IOrigin {
    return S3BucketOrigin.withOriginAccessControl(Bucket.fromBucketAttributes(this, id, { bucketName, region }))
  }

  private objectsBehavior(props: LedgerEdgeProps): BehaviorOptions {
    acknowledge(
      this,
      '@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
      'LedgerStores lets CloudFront in: readByEdge.',
    )
    return {
      origin: this.bucketOrigin('Objects', props.objectsName, props),
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: this.cacheFor('Immutable', Duration.days(365)),
      responseHeadersPolicy: new ResponseHeadersPolicy(this, 'PlainFiles', {
        securityHeadersBehavior: {
          contentTypeOptions: { override: true },
          strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
        },
      }),
      functionAssociations: [
        { function: this.edgeFunction('ToObject', toObject), eventType: FunctionEventType.VIEWER_REQUEST },
        { function: this.edgeFunction('EchoOrigin', echoOrigin), eventType: FunctionEventType.VIEWER_RESPONSE },
      ],
    }
  }

  /** As long as the object says, and never longer than this; nothing of a request makes a difference. */
  private cacheFor(id: string, maxTtl: Duration): CachePolicy {
    return new CachePolicy(this, id, {
      comment: `Consent ledger: ${id}`,
      minTtl: Duration.seconds(0),
      defaultTtl: maxTtl,
      maxTtl,
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    })
  }

  private edgeFunction(id: string, code: string): EdgeFunction {
    return new EdgeFunction(this, id, { runtime: FunctionRuntime.JS_2_0, code: FunctionCode.fromInline(code) })
  }

  private proveOurselves(clientCertificateArn: string): void {
    const raw = this.distribution.node.defaultChild as CfnDistribution
    raw.addPropertyOverride('DistributionConfig.Origins.0.CustomOriginConfig.OriginMtlsConfig', {
      ClientCertificateArn: clientCertificateArn,
    })
  }

  private logAccess({ name, removalPolicy = RemovalPolicy.DESTROY }: LedgerEdgeProps): void {
    const logGroup = new LogGroup(this, 'AccessLogs', { retention: RetentionDays.THREE_MONTHS, removalPolicy })
    const source = new CfnDeliverySource(this, 'AccessLogSource', {
      name: `${name}-edge`,
      logType: 'ACCESS_LOGS',
      resourceArn: this.distribution.distributionArn,
    })
    const destination = new CfnDeliveryDestination(this, 'AccessLogDestination', {
      name: `${name}-edge`,
      outputFormat: 'json',
      destinationResourceArn: logGroup.logGroupArn,
    })
    const delivery = new CfnDelivery(this, 'AccessLogDelivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: accessLogFields,
    })
    delivery.addResourceDependency(source)
  }
}
