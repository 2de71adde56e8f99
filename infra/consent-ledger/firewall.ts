/**
 * The web ACL of the distribution: limits on requests in five minutes, AWS's list of addresses with a bad reputation, and AWS's common
 * rules. It keeps no requests: no samples, no logs.
 *
 * It is the only place where one site is kept from spending what API Gateway lets through for all, because a throttle of API Gateway counts
 * a request before any function knows its controller. A site key is counted where callers put it: in the query, in a header, and for c15t's
 * clients in the path, where each path has a count of its own.
 *
 * A server that records for many people has one address and a token (`authorization: Bearer`), so it is counted by its token. The web ACL
 * verifies neither tokens nor keys: a caller who invents one for each request is never counted by it, but meets the limits of its address.
 * A call with a token has the wide limit of an address (`tokensOfOneAddress`), because servers act for many people, and on the routes of
 * operators also the limit of a caller without a token (`all`).
 *
 * AWS counts some seconds late, so a flood passes for that long (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html).
 */
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import { requireWhole } from './whole-numbers.ts'

export interface LedgerFirewallProps {
  readonly name: string
  /** @default defaultLimits, also for each one that is left out */
  readonly limits?: Partial<FirewallLimits>
}

/** Requests in five minutes, as whole numbers of 10 or more. Beyond a limit the answer is 429. */
export interface FirewallLimits {
  /** Calls that record events, from one address without a token. A household or an office may be one address. */
  readonly record: number
  /** All calls from one address without a token; with one, its calls to audit, administer, erase and hold. */
  readonly all: number
  /** All calls with one site key, whatever their addresses and tokens. */
  readonly site: number
  /** All calls with one token. */
  readonly token: number
  /** All calls from one address with any token. */
  readonly tokensOfOneAddress: number
}

/**
 * `site` is 500 a second, a quarter of what API Gateway lets through (`defaultThrottles`). One address with invented tokens can make half of
 * that, so that no stranger alone can spend what a site has for its visitors.
 */
export const defaultLimits: FirewallLimits = {
  record: 2000,
  all: 6000,
  site: 150_000,
  token: 30_000,
  tokensOfOneAddress: 75_000,
}

/** @throws Error for a limit that WAF does not take, or that a wider one makes void */
function checkedLimits(limits: Partial<FirewallLimits>): FirewallLimits {
  const all = { ...defaultLimits, ...limits }
  for (const [name, limit] of Object.entries(all)) requireWhole(`limits.${name}`, limit, 10, 2_000_000_000)
  if (all.record > all.all)
    throw new Error(
      `limits.record: ${all.record} is more than limits.all, ${all.all}, which counts these calls too: raise both`,
    )
  if (all.token > all.tokensOfOneAddress)
    throw new Error(
      `limits.token: ${all.token} is more than limits.tokensOfOneAddress, ${all.tokensOfOneAddress}, which counts these calls too: raise both`,
    )
  return all
}

/**
 * Rules of `AWSManagedRulesCommonRuleSet` that read the body. Bodies are policies and events, whose schemas bound their size: markup, paths
 * and addresses of other hosts in them are valid. So these rules count and block nothing.
 */
const bodyRules = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
]
/** Servers need not send a user agent. */
const counted = [...bodyRules, 'NoUserAgent_HEADER']

/** The problem document of the functions. It has no `instance`, because no function saw the request. */
const refusal = {
  type: 'urn:consent-ledger:problem:rate-limited',
  title: 'Too many requests',
  status: 429,
  code: 'rate-limited',
}

export class LedgerFirewall extends Construct {
  readonly arn: string

  constructor(scope: Construct, id: string, { name, limits: given = {} }: LedgerFirewallProps) {
    super(scope, id)
    const limits = checkedLimits(given)
    const metric = (rule: string) => ({
      cloudWatchMetricsEnabled: true,
      metricName: `${name}-${rule}`,
      sampledRequestsEnabled: false,
    })
    const path = (positionalConstraint: 'EXACTLY' | 'STARTS_WITH', searchString: string) => ({
      byteMatchStatement: {
        fieldToMatch: { uriPath: {} },
        positionalConstraint,
        searchString,
        textTransformations: [{ priority: 0, type: 'NONE' }],
      },
    })
    const recording = { orStatement: { statements: [path('EXACTLY', '/v1/events'), path('STARTS_WITH', '/c15t/')] } }
    // Clients wait after a 429 and send again; after a 403 they would give the event up.
    const tooMuch = {
      block: {
        customResponse: {
          responseCode: 429,
          responseHeaders: [{ name: 'retry-after', value: '60' }],
          customResponseBodyKey: 'rate-limited',
        },
      },
    }
    const hasToken = {
      byteMatchStatement: {
        fieldToMatch: { singleHeader: { Name: 'authorization' } },
        positionalConstraint: 'STARTS_WITH',
        searchString: 'bearer ',
        textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
      },
    }
    const hasNoToken = { notStatement: { statement: hasToken } }
    const byAddress = (limit: number, scopeDownStatement: CfnWebACL.StatementProperty) => ({
      rateBasedStatement: { aggregateKeyType: 'IP', limit, scopeDownStatement },
    })
    const byValue = (
      limit: number,
      key: CfnWebACL.RateBasedStatementCustomKeyProperty,
      scopeDownStatement?: object,
    ) => ({
      rateBasedStatement: {
        aggregateKeyType: 'CUSTOM_KEYS',
        customKeys: [key],
        limit,
        ...(scopeDownStatement && { scopeDownStatement }),
      },
    })
    const asSent = [{ priority: 0, type: 'NONE' }]
    // The functions decode, so one key has many spellings.
    const decoded = [{ priority: 0, type: 'URL_DECODE' }]
    const decodedPath = [...decoded, { priority: 1, type: 'NORMALIZE_PATH' }]
    const forOperators = ['/v1/audit/', '/v1/controllers', '/v1/erasures', '/v1/holds'].map((start) =>
      path('STARTS_WITH', start),
    )
    const rated = [
      {
        name: 'record',
        statement: byAddress(limits.record, { andStatement: { statements: [hasNoToken, recording] } }),
      },
      {
        name: 'rate',
        statement: byAddress(limits.all, { orStatement: { statements: [hasNoToken, ...forOperators] } }),
      },
      {
        name: 'token',
        statement: byValue(limits.token, { header: { name: 'authorization', textTransformations: asSent } }, hasToken),
      },
      { name: 'tokens-of-one-address', statement: byAddress(limits.tokensOfOneAddress, hasToken) },
      {
        name: 'site-in-query',
        statement: byValue(limits.site, { queryArgument: { name: 'key', textTransformations: decoded } }),
      },
      {
        name: 'site-in-header',
        statement: byValue(limits.site, { header: { name: 'x-site-key', textTransformations: asSent } }),
      },
      {
        name: 'site-in-path',
        statement: byValue(
          limits.site,
          { uriPath: { textTransformations: decodedPath } },
          path('STARTS_WITH', '/c15t/'),
        ),
      },
    ]
    this.arn = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      customResponseBodies: { 'rate-limited': { contentType: 'APPLICATION_JSON', content: JSON.stringify(refusal) } },
      visibilityConfig: metric('all'),
      rules: [
        ...rated.map(({ name, statement }, priority) => ({
          name,
          priority,
          action: tooMuch,
          visibilityConfig: metric(name),
          statement,
        })),
        {
          name: 'reputation',
          priority: rated.length,
          overrideAction: { none: {} },
          visibilityConfig: metric('reputation'),
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
        },
        {
          name: 'common',
          priority: rated.length + 1,
          overrideAction: { none: {} },
          visibilityConfig: metric('common'),
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
            },
          },
        },
      ],
    }).attrArn
  }
}
