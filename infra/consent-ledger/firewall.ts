/**
 * The web ACL of the distribution: limits on requests in five minutes, AWS's list of addresses with a bad reputation, and AWS's common
 * rules. It keeps no requests: no samples, no logs.
 *
 * A server that records for many people has one address and a token (`authorization: Bearer`), so it is counted by its token. The web ACL
 * cannot verify a token: a caller who invents one for each request would never be counted, so all tokens of one address together have a
 * limit too, which is what the throttle of one route lets through in that time.
 */
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'

export interface LedgerFirewallProps {
  readonly name: string
  /** @default defaultLimits */
  readonly limits?: FirewallLimits
}

/** Requests in five minutes. */
export interface FirewallLimits {
  /** Calls that record events, from one address without a token. A household or an office may be one address. */
  readonly record: number
  /** All calls from one address without a token. */
  readonly all: number
  /** All calls with one token. */
  readonly token: number
  /** All calls from one address with any token. */
  readonly tokensOfOneAddress: number
}

export const defaultLimits: FirewallLimits = { record: 2000, all: 6000, token: 30_000, tokensOfOneAddress: 150_000 }

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

export class LedgerFirewall extends Construct {
  readonly arn: string

  constructor(scope: Construct, id: string, { name, limits = defaultLimits }: LedgerFirewallProps) {
    super(scope, id)
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
    // 503, because clients wait and send again after it; after a 403 they would give the event up.
    const tooMuch = { block: { customResponse: { responseCode: 503 } } }
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
    const byToken = (limit: number) => ({
      rateBasedStatement: {
        aggregateKeyType: 'CUSTOM_KEYS',
        customKeys: [{ header: { name: 'authorization', textTransformations: [{ priority: 0, type: 'NONE' }] } }],
        limit,
        scopeDownStatement: hasToken,
      },
    })
    const rated = [
      {
        name: 'record',
        statement: byAddress(limits.record, { andStatement: { statements: [hasNoToken, recording] } }),
      },
      { name: 'rate', statement: byAddress(limits.all, hasNoToken) },
      { name: 'token', statement: byToken(limits.token) },
      { name: 'tokens-of-one-address', statement: byAddress(limits.tokensOfOneAddress, hasToken) },
    ]
    this.arn = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
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
