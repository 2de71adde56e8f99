/**
 * The HTTP API: each route of `shared/api/routes.ts` leads to the function whose rights it needs.
 *
 * The functions answer CORS requests, because each site has its own origins and API Gateway would override their headers. Throttles bound
 * the cost of a flood. They are best effort and know no caller: the web ACL in front counts by address, site key and token (firewall.ts), and
 * the function that records by controller. A token is checked twice where one issuer signs for all controllers: by API Gateway, and in any
 * case by the function.
 */
import type { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  ApiMapping,
  type CfnStage,
  DomainName,
  EndpointType,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { servedRoutes } from '../../functions/served-routes.ts'
import { fallback, routeKey } from '../../shared/api/route-key.ts'
import type { Access, Route } from '../../shared/api/routes.ts'
import type { LambdaName } from '../lambda-names.ts'
import { acknowledge } from './acknowledge.ts'
import { checkThrottle, type Throttle } from './throttles.ts'

/** An issuer whose tokens API Gateway checks before it calls a function. */
export interface TokenIssuer {
  /** The `iss` claim, an address at which `/.well-known/openid-configuration` is served (OpenID Connect Discovery 1.0). */
  readonly issuer: string
  /**
   * The ledger's audience: one for all controllers, so that a new controller needs no deployment. Each token's `aud` names it, beside the
   * audience of its controller, which the function checks. A provider whose tokens name one audience only, as Cognito's and most others'
   * by client credentials, cannot be checked here.
   */
  readonly audience: string
}

/** The domain name of the API. */
export interface Domain {
  /** For example `consent.example.com`. A DNS record that points at `api.domain` is yours to make. */
  readonly name: string
  /** ARN of the certificate in ACM, in the region of the API. */
  readonly certificateArn: string
  /**
   * An object in S3, in PEM: the authorities whose client certificates API Gateway accepts. It then refuses every caller without one, so
   * that all requests come through CloudFront (`LedgerEdgeProps.clientCertificateArn`). Required where `isBehindEdge` is set, and
   * refused where it is not.
   * @default none: the API answers every caller
   */
  readonly truststore?: { readonly bucket: string; readonly key: string }
}

export interface LedgerApiProps {
  readonly domain?: Domain
  readonly issuer?: TokenIssuer
  readonly throttles: Readonly<Record<Access, Throttle>>
  /** Whether API Gateway writes a line for each call. */
  readonly accessLog: boolean
  readonly logRetention: RetentionDays
  readonly removalPolicy: RemovalPolicy
}

const scopes: Partial<Record<Access, string>> = {
  audit: 'consent.audit',
  check: 'consent.check',
  statistics: 'consent.statistics',
  export: 'consent.export',
  administration: 'consent.admin',
  erasure: 'consent.erase',
  hold: 'consent.hold',
  operator: 'consent.write',
  mandate: 'consent.mandate',
  import: 'consent.import',
  ledger: 'ledger.admin',
}

/** Routes with files of the console. Its own address, `/console/`, is the fallback's, because no route may end in a slash. */
const ofPages: ReadonlySet<string> = new Set([
  ...['getConsole', 'getConsoleFile', 'getPreferencesPage', 'getIcon'],
  fallback.id,
])

export class LedgerApi extends Construct {
  readonly api: HttpApi
  private readonly stage: HttpStage
  /** Without a slash at the end. */
  readonly url: string
  /** The target of the domain's DNS record. */
  readonly domain?: DomainName

  private readonly props: LedgerApiProps

  constructor(scope: Construct, id: string, props: LedgerApiProps) {
    super(scope, id)
    this.props = props
    for (const [access, throttle] of Object.entries(props.throttles)) checkThrottle(`throttles.${access}`, throttle)
    this.api = new HttpApi(this, 'Api', {
      description: 'The consent ledger',
      createDefaultStage: false,
      // Callers of the default address would bypass the domain, and the web ACL in front of it.
      disableExecuteApiEndpoint: props.domain !== undefined,
    })
    this.stage = this.addStage(props)
    if (props.domain) this.domain = this.addDomain(props.domain)
    this.url = props.domain ? `https://${props.domain.name}` : this.api.apiEndpoint
  }

  /** Adds the routes. Called once, after the constructor: the functions need the API's address, so they are made after it. */
  serve(functions: Readonly<Record<LambdaName, IFunction>>, pages: IFunction): void {
    const { issuer } = this.props
    const authorizer = issuer && new HttpJwtAuthorizer('Tokens', issuer.issuer, { jwtAudience: [issuer.audience] })
    const integrations = new Map<string, HttpLambdaIntegration>()
    for (const route of servedRoutes) {
      const name = ofPages.has(route.id) ? 'pages' : route.handler
      const called = name === 'pages' ? pages : functions[name]
      const integration =
        integrations.get(name) ?? new HttpLambdaIntegration(name, called, { scopePermissionToRoute: false })
      integrations.set(name, integration)
      const made = new HttpRoute(this, routeKey(route), {
        httpApi: this.api,
        routeKey: route === fallback ? HttpRouteKey.DEFAULT : HttpRouteKey.with(route.path, HttpMethod[route.method]),
        integration,
        ...authorization(route, authorizer),
      })
      // The stage's throttle names the route, which must exist before it.
      if (route !== fallback) this.stage.node.addDependency(made)
      const isChecked = authorizer !== undefined && scopes[route.access] !== undefined
      if (!isChecked) acknowledge(made, 'AwsSolutions-APIG4', whyOpen[route.access])
    }
  }

  private addStage({ throttles, accessLog, logRetention, removalPolicy }: LedgerApiProps): HttpStage {
    const logGroup = accessLog
      ? new LogGroup(this, 'AccessLogs', { retention: logRetention, removalPolicy })
      : undefined
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttles.public.rate, burstLimit: throttles.public.burst },
      ...(logGroup && {
        accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
      }),
    })
    for (const rule of logGroup ? [] : ['AwsSolutions-APIG1', 'Serverless-APIGWAccessLogging'])
      acknowledge(stage, rule, whyNoAccessLog)
    const limited = servedRoutes
      .filter((route) => route !== fallback)
      .map((route) => [routeKey(route), throttles[route.access]] as const)
    const raw = stage.node.defaultChild as CfnStage
    raw.routeSettings = Object.fromEntries(
      limited.map(([key, { rate, burst }]) => [key, { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }]),
    )
    return stage
  }

  private addDomain({ name, certificateArn, truststore }: Domain): DomainName {
    const domainName = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(truststore && {
        mtls: { bucket: Bucket.fromBucketName(this, 'Truststore', truststore.bucket), key: truststore.key },
      }),
    })
    new ApiMapping(this, 'Mapping', { api: this.api, domainName, stage: this.stage })
    return domainName
  }
}

function authorization(route: Route, authorizer: HttpJwtAuthorizer | undefined) {
  const scope = scopes[route.access]
  if (scope === undefined || authorizer === undefined) {
    return { authorizer: new HttpNoneAuthorizer() as IHttpRouteAuthorizer }
  }
  return { authorizer: authorizer as IHttpRouteAuthorizer, authorizationScopes: [scope] }
}

const perController =
  'Each controller has an identity provider of its own: the function verifies the token, its audience and scope.'
const whyOpen: Readonly<Record<Access, string>> = {
  site: 'Frontends have a publishable site key, which the function checks with the origin; throttled by route, and by address and site key where an edge is in front.',
  subject:
    'The subject proves itself by its device secret or a token of its controller’s provider, which the function checks.',
  public: 'Policies, texts, checkpoints and tiles are for everyone; entry bundles are checked by the function.',
  audit: perController,
  check: perController,
  statistics: perController,
  export: perController,
  administration: perController,
  erasure: perController,
  hold: perController,
  operator: perController,
  mandate: perController,
  import: perController,
  ledger: 'The ledger’s own identity provider is verified by the function.',
}

const whyNoAccessLog =
  'Each function writes a line for each call; of what never reaches one, API Gateway has metrics and Lambda its own line.'

/** No address, no user agent, no path: a path may hold what a caller put there. */
const accessLogFields = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTimeEpoch(),
  routeKey: '$context.routeKey',
  status: AccessLogField.contextStatus(),
  responseLength: AccessLogField.contextResponseLength(),
  latencyMs: AccessLogField.contextResponseLatency(),
  integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
  integrationStatus: '$context.integrationStatus',
  authorizerError: '$context.authorizer.error',
}
const accessLogFormat = AccessLogFormat.custom(JSON.stringify(accessLogFields))
