/**
 * The web ACL in front of the distribution: how much one address may ask in five minutes, what is known to be bad, and AWS's common
 * rules. Nothing of a request is kept: no samples, no logs.
 */
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'

export interface LedgerFirewallProps {
  readonly name: string
  /** Calls of one address in five minutes. A household or an office may be one address. @default 2000 to record, 6000 in all */
  readonly limits?: { readonly record: number; readonly all: number }
}

export class LedgerFirewall extends Construct {
  readonly arn: string

  constructor(scope: Construct, id: string, { name, limits = { record: 2000, all: 6000 } }: LedgerFirewallProps) {
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
    const rate = (limit: number, scopeDownStatement?: CfnWebACL.StatementProperty) => ({
      rateBasedStatement: { aggregateKeyType: 'IP', limit, ...(scopeDownStatement && { scopeDownStatement }) },
    })
    this.arn = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: metric('all'),
      rules: [
        {
          name: 'record',
          priority: 0,
          action: { block: {} },
          visibilityConfig: metric('record'),
          statement: rate(limits.record, path('EXACTLY', '/v1/events')),
        },
        {
          // A c15t client takes 503 for a reason to wait, and anything else for a reason to ask again with each page.
          name: 'c15t',
          priority: 1,
          action: { block: { customResponse: { responseCode: 503 } } },
          visibilityConfig: metric('c15t'),
          statement: rate(limits.record, path('STARTS_WITH', '/c15t/')),
        },
        {
          name: 'rate',
          priority: 2,
          action: { block: {} },
          visibilityConfig: metric('rate'),
          statement: rate(limits.all),
        },
        {
          name: 'reputation',
          priority: 3,
          overrideAction: { none: {} },
          visibilityConfig: metric('reputation'),
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
        },
        {
          name: 'common',
          priority: 4,
          overrideAction: { none: {} },
          visibilityConfig: metric('common'),
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              // Bodies are policies and events, as large and as full of markup as the schemas allow; servers need no user agent.
              ruleActionOverrides: ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY', 'NoUserAgent_HEADER'].map(
                (rule) => ({
                  name: rule,
                  actionToUse: { count: {} },
                }),
              ),
            },
          },
        },
      ],
    }).attrArn
  }
}
