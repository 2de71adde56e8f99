/**
 * The web ACL of the distribution: a limit for each address in five minutes, AWS's list of addresses with a bad reputation, and AWS's
 * common rules. It keeps no requests: no samples, no logs.
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
    const recording = { orStatement: { statements: [path('EXACTLY', '/v1/events'), path('STARTS_WITH', '/c15t/')] } }
    // 503, because clients wait and send again after it; after a 403 they would give the event up.
    const tooMuch = { block: { customResponse: { responseCode: 503 } } }
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
          action: tooMuch,
          visibilityConfig: metric('record'),
          statement: rate(limits.record, recording),
        },
        {
          name: 'rate',
          priority: 1,
          action: tooMuch,
          visibilityConfig: metric('rate'),
          statement: rate(limits.all),
        },
        {
          name: 'reputation',
          priority: 2,
          overrideAction: { none: {} },
          visibilityConfig: metric('reputation'),
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
        },
        {
          name: 'common',
          priority: 3,
          overrideAction: { none: {} },
          visibilityConfig: metric('common'),
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              // Bodies are policies and events: the schemas limit their size, and markup in them is valid. Servers need no user agent.
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
