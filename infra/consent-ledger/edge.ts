/**
 * CloudFront with a web ACL in front of a ledger. Certificates and web ACLs of CloudFront are in us-east-1, so it is a stack of its own
 * there, and knows the ledger's API and buckets by name only.
 *
 *   /log/<controller>/checkpoint      the served copy in its own bucket in S3, cached for up to 5 seconds
 *   /log/<controller>/tile/entries/*  the API: entry bundles are for auditors
 *   /log/<controller>/tile/*.p/*      the API: partial tiles are built from batches
 *   /log/<controller>/tile/*          S3, cached for a year
 *   /v1/texts/*                       S3, cached for a year
 *   /console/preferences              the API, never cached: the page depends on the site whose key the address has
 *   /console/*                        the API, cached for as long as each answer says: scripts for a year, since their names have a hash
 *   everything else                   the API, never cached
 *
 * The console's files come from the function that serves them where there is no CloudFront, and not from a bucket: an upload would need a
 * custom resource that may read every asset of the account, and a second place for the pages' security headers. S3 is reached without Lambda. A CloudFront function overwrites `x-viewer-address` with the caller's address.
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
import { echoOrigin, nameViewer, toConsolePage, toObject } from './edge-functions.ts'
import { LedgerFirewall, type LedgerFirewallProps } from './firewall.ts'
import { requireCloudFrontRegion } from './region.ts'
import { refuseRetain } from './retention.ts'

/** What CloudFront serves, and how it reaches the ledger. */
export interface LedgerEdgeProps {
  /** Tells several ledgers of an account apart: in metrics of the web ACL, and in the names of the access log. */
  readonly name: string
  /** Domain name of the ledger for its callers. A DNS record that points at `distribution` is yours to make. */
  readonly domainName: string
  /** ARN of its certificate in ACM, in us-east-1. */
  readonly certificateArn: string
  /** Domain name of the API (`Domain.name`), which must differ from `domainName`. */
  readonly apiDomainName: string
  /** Name of the bucket of objects (`LedgerStoresProps.bucketPrefix` makes it known, `readByEdge` opens it). */
  readonly objectsName: string
  /** Name of the bucket of served copies. */
  readonly servedName: string
  /** Region of both buckets. */
  readonly objectsRegion: string
  /**
   * ARN of the client certificate in ACM, in us-east-1, that CloudFront presents to the API. Its authority is in `Domain.truststore`, so
   * that no caller can bypass the web ACL by the API's own domain.
   */
  readonly clientCertificateArn: string
  /**
   * Requests in five minutes, beyond which the answer is 429. An address without a token may make `record` calls that record events and
   * `all` in total; a household or an office may be one address. One site key may be used for `site` calls, whoever makes them. One token
   * may be used for `token` calls, and all tokens of one address for `tokensOfOneAddress`, of which `all` may audit, administer, erase or hold.
   * @default defaultLimits of firewall.ts, also for each that is left out: 2000, 6000, 150000, 30000 and 75000
   */
  readonly limits?: LedgerFirewallProps['limits']
  /** What happens to the access log when its stack is deleted. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy
}

const accessLogFields = [
  ...['timestamp', 'sc-status', 'cs-method', 'x-edge-result-type', 'x-edge-detailed-result-type', 'x-edge-location'],
  ...['time-taken', 'time-to-first-byte', 'sc-bytes', 'cs-bytes', 'cs-protocol-version', 'ssl-protocol'],
]

/**
 * CloudFront and a web ACL in front of a ledger whose construct has `isBehindEdge`, `domain` with a truststore, and `publicUrl`.
 *
 * @throws Error at synthesis when its stack is not in us-east-1, or both domain names are the same
 *
 * @example
 * new LedgerEdge(new Stack(app, 'Edge', { env: { region: 'us-east-1' } }), 'Edge', {
 *   name: 'consent',
 *   domainName: 'consent.example.com',
 *   certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
 *   apiDomainName: 'api.consent.example.com',
 *   objectsName: 'consent-objects-111122223333-eu-north-1',
 *   servedName: 'consent-served-111122223333-eu-north-1',
 *   objectsRegion: 'eu-north-1',
 *   clientCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/2',
 * })
 */
export class LedgerEdge extends Construct {
  /** Its `distributionDomainName` is the target of the DNS record. */
  readonly distribution: Distribution

  constructor(scope: Construct, id: string, props: LedgerEdgeProps) {
    super(scope, id)
    requireCloudFrontRegion(this)
    refuseRetain(props.removalPolicy)
    if (props.apiDomainName === props.domainName)
      throw new Error(`apiDomainName: ${props.apiDomainName} is domainName too, so CloudFront would call itself`)
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
        '/console/preferences': api,
        '/console/*': this.consoleBehavior(api, objects),
      },
    })
    this.presentClientCertificate(props.clientCertificateArn)
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

  /** An answer without a lifetime is not cached. */
  private consoleBehavior({ origin }: BehaviorOptions, objects: BehaviorOptions): BehaviorOptions {
    const echo = objects.functionAssociations?.filter(
      ({ eventType }) => eventType === FunctionEventType.VIEWER_RESPONSE,
    )
    const page = this.edgeFunction('ToConsolePage', toConsolePage)
    return {
      origin,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: this.cacheFor('Console', Duration.days(365), Duration.seconds(0)),
      ...(objects.responseHeadersPolicy && { responseHeadersPolicy: objects.responseHeadersPolicy }),
      functionAssociations: [{ function: page, eventType: FunctionEventType.VIEWER_REQUEST }, ...(echo ?? [])],
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

  /** Caches as long as the object's headers say, at most `maxTtl`. The cache key is the path and the accepted encoding. */
  private cacheFor(id: string, maxTtl: Duration, defaultTtl = maxTtl): CachePolicy {
    return new CachePolicy(this, id, {
      comment: `Consent ledger: ${id}`,
      minTtl: Duration.seconds(0),
      defaultTtl,
      maxTtl,
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    })
  }

  private edgeFunction(id: string, code: string): EdgeFunction {
    return new EdgeFunction(this, id, { runtime: FunctionRuntime.JS_2_0, code: FunctionCode.fromInline(code) })
  }

  private presentClientCertificate(clientCertificateArn: string): void {
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
