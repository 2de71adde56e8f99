/** CloudFront in front of a stage: where each path goes, what is kept of it, and what runs at the edge. */
import type { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../../functions/http/problem.ts'
import { routes } from '../../functions/served-routes.ts'
import type { ConsentLedgerProps } from '../../infra/consent-ledger/consent-ledger.ts'
import { echoOrigin, nameViewer, toConsolePage, toObject } from '../../infra/consent-ledger/edge-functions.ts'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { defaultThrottles } from '../../infra/consent-ledger/throttles.ts'
import { stages } from '../../infra/stages/stages.ts'
import { LedgerError } from '../../shared/errors.ts'
import { bundlePath, tilePath } from '../../shared/tlog/tile.ts'
import { alone, type Json, type Synthesised, synthesised } from '../support/synthesised.ts'

const withEdge = ['staging', 'prod'] as const

const distributionOf = (stage: Synthesised): Json =>
  stage.of('AWS::CloudFront::Distribution')[0]?.properties.DistributionConfig

/** The first pattern that matches decides; `*` is any characters, slashes too. */
function behaviorFor({ CacheBehaviors, DefaultCacheBehavior }: Json, path: string): Json {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^$]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(path)
  return CacheBehaviors.find((each: Json) => matches(each.PathPattern)) ?? DefaultCacheBehavior
}

function originOf(distribution: Json, path: string): 'api' | 'objects' | 'served' {
  const { TargetOriginId } = behaviorFor(distribution, path)
  const origin = distribution.Origins.find((each: Json) => each.Id === TargetOriginId)
  if (origin.CustomOriginConfig) return 'api'
  return /-(objects|served)-\d{12}-/.exec(origin.DomainName)?.[1] as 'objects' | 'served'
}

describe.each(withEdge)('the edge of %s', (name) => {
  const stage = synthesised(name)
  const distribution = distributionOf(stage)

  it('has checkpoints, full hash tiles and texts from S3', () => {
    for (let level = 0; level < 64; level++)
      for (const index of [0, 999, 1_234_067])
        expect(originOf(distribution, `/log/acme/${tilePath({ level, index, width: 256 })}`)).toBe('objects')
    expect(originOf(distribution, '/log/acme/checkpoint')).toBe('served')
    expect(originOf(distribution, `/v1/texts/${'0'.repeat(64)}`)).toBe('objects')
  })

  it('has bundles and partial tiles from the API, which knows who may', () => {
    for (const index of [0, 999, 1_234_067])
      for (const width of [1, 255, 256]) {
        expect(originOf(distribution, `/log/acme/${bundlePath({ index, width })}`)).toBe('api')
        if (width < 256)
          for (let level = 0; level < 64; level++)
            expect(originOf(distribution, `/log/acme/${tilePath({ level, index, width })}`)).toBe('api')
      }
  })

  it.each(
    routes
      .filter(({ id }) => !['getCheckpoint', 'getTile', 'getText', 'getConsoleFile'].includes(id))
      .map(({ path }) => path),
  )('has %s from the API, uncached', (path) => {
    const called = path.replace(/\{[^}]+\}/g, 'acme')
    expect(originOf(distribution, called)).toBe('api')
    // AWS’s managed policies: CachingDisabled, and AllViewerExceptHostHeader.
    expect(behaviorFor(distribution, called)).toMatchObject({
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
    })
  })

  it.each([
    ['/log/acme/checkpoint', 5],
    ['/log/acme/tile/0/000', 31_536_000],
    [`/v1/texts/${'0'.repeat(64)}`, 31_536_000],
  ])('keeps %s for %i s at most, whatever the request said besides', (path, seconds) => {
    const { CachePolicyId, AllowedMethods, OriginRequestPolicyId } = behaviorFor(distribution, path)
    const policy = stage.of('AWS::CloudFront::CachePolicy').find(({ id }) => CachePolicyId === `{${id.slice(0, -8)}}`)
    expect(policy?.properties.CachePolicyConfig).toMatchObject({
      MaxTTL: seconds,
      MinTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      },
    })
    expect(AllowedMethods).toEqual(['GET', 'HEAD'])
    expect(OriginRequestPolicyId).toBeUndefined()
  })

  it.each(['/console/', '/console/banner.js', '/console/config.json'])(
    'has %s from the function that serves it everywhere, and keeps it as long as the answer says',
    (path) => {
      const { CachePolicyId, AllowedMethods, OriginRequestPolicyId, ResponseHeadersPolicyId, ViewerProtocolPolicy } =
        behaviorFor(distribution, path)
      expect(originOf(distribution, path)).toBe('api')
      const policy = stage.of('AWS::CloudFront::CachePolicy').find(({ id }) => CachePolicyId === `{${id.slice(0, -8)}}`)
      expect(policy?.properties.CachePolicyConfig).toMatchObject({
        MinTTL: 0,
        DefaultTTL: 0,
        MaxTTL: 31_536_000,
        ParametersInCacheKeyAndForwardedToOrigin: {
          CookiesConfig: { CookieBehavior: 'none' },
          HeadersConfig: { HeaderBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'none' },
        },
      })
      // Neither the caller's headers nor its origin reach the function, so no answer for one page is given to another.
      expect(OriginRequestPolicyId).toBeUndefined()
      expect(AllowedMethods).toEqual(['GET', 'HEAD', 'OPTIONS'])
      expect(ViewerProtocolPolicy).toBe('https-only')
      const headers = stage
        .of('AWS::CloudFront::ResponseHeadersPolicy')
        .find(({ id }) => ResponseHeadersPolicyId === `{${id.slice(0, -8)}}`)
      expect(headers?.properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig).toMatchObject({
        ContentTypeOptions: { Override: true },
        StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
      })
    },
  )

  it('has the console’s address without its slash from the API', () => {
    expect(behaviorFor(distribution, '/console')).toBe(distribution.DefaultCacheBehavior)
  })

  it('runs the right function on each way', () => {
    const running = (path: string) =>
      (behaviorFor(distribution, path).FunctionAssociations ?? []).map((each: Json) => [
        each.EventType,
        each.FunctionARN,
      ])
    expect(running('/v1/events')).toEqual([['viewer-request', '{EdgeNameViewer.FunctionARN}']])
    expect(running('/log/acme/tile/entries/000')).toEqual([['viewer-request', '{EdgeNameViewer.FunctionARN}']])
    for (const path of ['/log/acme/checkpoint', '/log/acme/tile/0/000', '/v1/texts/0'])
      expect(running(path)).toEqual([
        ['viewer-request', '{EdgeToObject.FunctionARN}'],
        ['viewer-response', '{EdgeEchoOrigin.FunctionARN}'],
      ])
    expect(running('/console/')).toEqual([
      ['viewer-request', '{EdgeToConsolePage.FunctionARN}'],
      ['viewer-response', '{EdgeEchoOrigin.FunctionARN}'],
    ])
    const code = Object.fromEntries(
      stage.of('AWS::CloudFront::Function').map(({ id, properties }) => [id.slice(0, -8), properties.FunctionCode]),
    )
    expect(code).toEqual({
      EdgeNameViewer: nameViewer,
      EdgeToObject: toObject,
      EdgeToConsolePage: toConsolePage,
      EdgeEchoOrigin: echoOrigin,
    })
  })

  it('speaks TLS 1.2 or later, on both sides, in its own name', () => {
    expect(distribution.ViewerCertificate).toMatchObject({
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    })
    expect(distribution.Aliases).toEqual([stages[name].domain.name])
    const api = distribution.Origins.find((each: Json) => each.CustomOriginConfig)
    expect(api.DomainName).toBe(stages[name].domain.api.name)
    expect(api.CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    })
  })

  it('signs what it asks of S3', () => {
    const controls = stage.of('AWS::CloudFront::OriginAccessControl')
    expect(controls).toHaveLength(2)
    for (const { properties } of controls)
      expect(properties.OriginAccessControlConfig).toMatchObject({
        OriginAccessControlOriginType: 's3',
        SigningBehavior: 'always',
      })
  })

  it('logs no address, agent, path, query, cookie or referrer', () => {
    const [delivery] = stage.of('AWS::Logs::Delivery')
    expect(delivery?.properties.RecordFields.length).toBeGreaterThan(0)
    const personal =
      /^(c-ip|c-port|c-country|asn|x-forwarded-for|cs\(.*\)|cs-uri.*|x-host-header|x-edge-request-id|viewer.*)$/
    expect(delivery?.properties.RecordFields.filter((field: string) => personal.test(field))).toEqual([])
    expect(distribution.Logging).toBeUndefined()
  })

  it('has a web ACL that counts strangers by address, servers by token and sites by key, and keeps nothing of a request', () => {
    const [acl] = stage.of('AWS::WAFv2::WebACL')
    expect(distribution.WebACLId).toBe('{EdgeFirewallWebAcl.Arn}')
    const { Rules, Scope, VisibilityConfig } = acl?.properties ?? {}
    expect(Scope).toBe('CLOUDFRONT')
    expect(
      Rules.map((rule: Json) => [rule.Priority, rule.Name, Object.keys(rule.Action ?? rule.OverrideAction)[0]]),
    ).toEqual([
      [0, 'record', 'Block'],
      [1, 'rate', 'Block'],
      [2, 'token', 'Block'],
      [3, 'tokens-of-one-address', 'Block'],
      [4, 'site-in-query', 'Block'],
      [5, 'site-in-header', 'Block'],
      [6, 'site-in-path', 'Block'],
      [7, 'reputation', 'None'],
      [8, 'common', 'None'],
    ])
    expect(Rules.slice(0, 7).map((rule: Json) => rule.Statement.RateBasedStatement)).toMatchObject([
      { AggregateKeyType: 'IP', Limit: 2000 },
      { AggregateKeyType: 'IP', Limit: 6000 },
      { AggregateKeyType: 'CUSTOM_KEYS', Limit: 30_000, CustomKeys: [{ Header: { Name: 'authorization' } }] },
      { AggregateKeyType: 'IP', Limit: 75_000 },
      { AggregateKeyType: 'CUSTOM_KEYS', Limit: 150_000, CustomKeys: [{ QueryArgument: { Name: 'key' } }] },
      { AggregateKeyType: 'CUSTOM_KEYS', Limit: 150_000, CustomKeys: [{ Header: { Name: 'x-site-key' } }] },
      { AggregateKeyType: 'CUSTOM_KEYS', Limit: 150_000, CustomKeys: [{ UriPath: {} }] },
    ])
    for (const each of [VisibilityConfig, ...Rules.map((rule: Json) => rule.VisibilityConfig)])
      expect(each.SampledRequestsEnabled).toBe(false)
    expect(stage.of('AWS::WAFv2::LoggingConfiguration')).toEqual([])
  })

  it('refuses with the code of the functions, and says when to come back', () => {
    const { Rules, CustomResponseBodies } = stage.of('AWS::WAFv2::WebACL')[0]?.properties ?? {}
    for (const rule of Rules.slice(0, 7))
      expect(rule.Action.Block.CustomResponse).toEqual({
        ResponseCode: 429,
        ResponseHeaders: [{ Name: 'retry-after', Value: '60' }],
        CustomResponseBodyKey: 'rate-limited',
      })
    const { body } = problemOf(new LedgerError('rate-limited', ''))
    const { detail: _, ...problem } = JSON.parse(body)
    expect(JSON.parse(CustomResponseBodies['rate-limited'].Content)).toEqual(problem)
  })

  const token = 'Bearer e30.e30.e30'
  const byToken = ['token', 'tokens-of-one-address']
  it.each<[who: string, request: WebRequest, limits: readonly string[]]>([
    ['a page that records', { path: '/v1/events', query: 'site_a' }, ['record', 'rate', 'site-in-query']],
    ['an app that records', { path: '/v1/events', key: 'site_a' }, ['record', 'rate', 'site-in-header']],
    [
      'a person with a device secret',
      { path: '/v1/me/events', query: 'site_a', authorization: 'Device abc' },
      ['rate', 'site-in-query'],
    ],
    ['c15t’s client', { path: '/c15t/site_a/subjects' }, ['record', 'rate', 'site-in-path']],
    [
      'a server that records for people',
      { path: '/v1/events', key: 'site_a', authorization: token },
      [...byToken, 'site-in-header'],
    ],
    [
      'a server whose scheme is in small letters',
      { path: '/v1/events', query: 'site_a', authorization: 'bearer e30.e30.e30' },
      [...byToken, 'site-in-query'],
    ],
    [
      'a server that asks for people who are signed in',
      { path: '/v1/me/consents', query: 'site_a', authorization: token },
      [...byToken, 'site-in-query'],
    ],
    ['an auditor', { path: '/v1/audit/proofs', authorization: token }, ['rate', ...byToken]],
    ['an administrator', { path: '/v1/controllers/acme/sites', authorization: token }, ['rate', ...byToken]],
    ['who erases', { path: '/v1/erasures', authorization: token }, ['rate', ...byToken]],
    ['who makes a legal hold', { path: '/v1/holds', authorization: token }, ['rate', ...byToken]],
    ['who ends one', { path: '/v1/holds/1/release', authorization: token }, ['rate', ...byToken]],
  ])('%s is counted by these limits', (_, request, limits) => {
    const { Rules } = stage.of('AWS::WAFv2::WebACL')[0]?.properties ?? {}
    const counting = Rules.filter(({ Statement: { RateBasedStatement: rate } }: Json) => rate && counts(rate, request))
    expect(counting.map(({ Name }: Json) => Name)).toEqual(limits)
  })

  it('leaves one address or site key less than API Gateway lets through on any route', () => {
    const { Rules } = stage.of('AWS::WAFv2::WebACL')[0]?.properties ?? {}
    const rate = (rule: string) =>
      Rules.find(({ Name }: Json) => Name === rule).Statement.RateBasedStatement.Limit / (5 * 60)
    for (const { rate: all } of Object.values(defaultThrottles)) expect(rate('rate')).toBeLessThan(all)
    const { site, subject } = defaultThrottles
    for (const rule of ['site-in-query', 'tokens-of-one-address']) expect(rate(rule)).toBeLessThan(site.rate / 2)
    expect(rate('token')).toBeLessThan(subject.rate)
  })

  it('has no rule that blocks a request by its body', () => {
    const { Rules } = stage.of('AWS::WAFv2::WebACL')[0]?.properties ?? {}
    const counted = Rules.flatMap(({ Statement: { ManagedRuleGroupStatement: group } }: Json) =>
      (group?.RuleActionOverrides ?? []).filter(({ ActionToUse }: Json) => ActionToUse.Count),
    ).map(({ Name }: Json) => Name)
    // Every rule of AWS's common rule set that reads the body, as its documentation lists them.
    for (const kind of ['SizeRestrictions', 'CrossSiteScripting', 'GenericLFI', 'GenericRFI', 'EC2MetaDataSSRF'])
      expect(counted).toContain(`${kind}_BODY`)
    const groups = Rules.flatMap(({ Statement }: Json) => Statement.ManagedRuleGroupStatement?.Name ?? [])
    expect(groups).toEqual(['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesCommonRuleSet'])
  })
})

interface WebRequest {
  readonly path: string
  readonly authorization?: string
  /** A site key in the query. */
  readonly query?: string
  /** A site key in the header. */
  readonly key?: string
}

/** A request that lacks a component of the key is not counted. */
function counts({ CustomKeys = [], ScopeDownStatement: scope }: Json, request: WebRequest): boolean {
  const values: Readonly<Record<string, string | undefined>> = {
    authorization: request.authorization,
    'x-site-key': request.key,
    key: request.query,
  }
  const named = CustomKeys.flatMap(({ Header, QueryArgument }: Json) => Header?.Name ?? QueryArgument?.Name ?? [])
  if (named.some((name: string) => values[name] === undefined)) return false
  return scope === undefined || matchesRequest(scope, request)
}

/** Evaluates a statement of a web ACL as WAF's documentation describes it. */
function matchesRequest(statement: Json, request: WebRequest): boolean {
  const { AndStatement, OrStatement, NotStatement, ByteMatchStatement } = statement
  if (AndStatement) return AndStatement.Statements.every((each: Json) => matchesRequest(each, request))
  if (OrStatement) return OrStatement.Statements.some((each: Json) => matchesRequest(each, request))
  if (NotStatement) return !matchesRequest(NotStatement.Statement, request)
  const { FieldToMatch, PositionalConstraint, SearchString, TextTransformations } = ByteMatchStatement
  const field = FieldToMatch.UriPath ? request.path : request.authorization
  if (field === undefined) return false
  const text = TextTransformations[0].Type === 'LOWERCASE' ? field.toLowerCase() : field
  return PositionalConstraint === 'EXACTLY' ? text === SearchString : text.startsWith(SearchString)
}

it('a stage without a domain has none', () => {
  expect(synthesised('dev').of('AWS::CloudFront::Distribution')).toEqual([])
})

it.each(withEdge)('of %s proves itself to the API and to nobody else, and the API answers nobody else', (name) => {
  const stage = synthesised(name)
  const { domain } = stages[name]
  const proofs = distributionOf(stage).Origins.map((each: Json) => [
    each.DomainName,
    each.CustomOriginConfig?.OriginMtlsConfig ?? each.OriginMtlsConfig,
  ])
  expect(proofs).toEqual([
    [domain.api.name, { ClientCertificateArn: domain.mutualTls.clientCertificateArn }],
    [expect.stringContaining('-served-'), undefined],
    [expect.stringContaining('-objects-'), undefined],
  ])
  const [api] = stage.of('AWS::ApiGatewayV2::DomainName')
  expect(api?.properties.MutualTlsAuthentication).toEqual({
    TruststoreUri: `s3://truststore.${domain.name}/authorities.pem`,
  })
  expect(stage.of('AWS::ApiGatewayV2::Api')[0]?.properties.DisableExecuteApiEndpoint).toBe(true)
})

it.each([
  ['no domain of the API', undefined],
  [
    'a domain that answers every caller',
    { name: 'api.example.org', certificateArn: 'arn:aws:acm:eu-west-1::certificate/1' },
  ],
])('a ledger behind a web ACL with %s is refused', (_, domain) => {
  const publicUrl = 'https://consent.example.org'
  expect(() => alone(() => ({ isBehindEdge: true, publicUrl, ...(domain && { domain }) }))).toThrow(
    'callers could bypass the web ACL',
  )
})

it.each<[string, (stack: Stack) => Partial<ConsentLedgerProps>]>([
  ['stores of its own', () => ({})],
  ['stores that no edge may read', (stack) => ({ stores: new LedgerStores(stack, 'Stores') })],
])('a ledger behind a web ACL with %s is refused', (_, stores) => {
  const publicUrl = 'https://consent.example.org'
  const certificateArn = 'arn:aws:acm:eu-west-1:111122223333:certificate/1'
  const domain = { name: 'api.example.org', certificateArn, truststore: { bucket: 'truststore', key: 'ca.pem' } }
  expect(() => alone((stack) => ({ isBehindEdge: true, publicUrl, domain, ...stores(stack) }))).toThrow(
    'isBehindEdge: LedgerEdge could not read the buckets',
  )
})
