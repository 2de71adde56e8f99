/** The front door, route by route: `shared/api/routes.ts` is what is deployed, each route with its token, its throttle and its function. */
import { describe, expect, it } from 'vitest'
import { servedRoutes } from '../../functions/served-routes.ts'
import { routeKey } from '../../shared/api/route-key.ts'
import type { Access } from '../../shared/api/routes.ts'
import { changed, type Json, stageNames, synthesised } from '../support/synthesised.ts'

const all = servedRoutes

/** The scope that a token needs, by who may call. Routes that are not listed need no token. */
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
const throttles: Readonly<Record<Access, readonly [number, number]>> = {
  site: [2000, 4000],
  subject: [400, 800],
  public: [400, 800],
  audit: [100, 200],
  check: [100, 200],
  statistics: [50, 100],
  export: [50, 100],
  administration: [50, 100],
  erasure: [50, 100],
  hold: [50, 100],
  operator: [50, 100],
  mandate: [50, 100],
  import: [50, 100],
  ledger: [50, 100],
}

describe.each(stageNames)('the API of %s', (name) => {
  const stage = synthesised(name)
  const [api] = stage.of('AWS::ApiGatewayV2::Api')
  const [apiStage] = stage.of('AWS::ApiGatewayV2::Stage')
  const deployed = new Map<string, Json>(
    stage.of('AWS::ApiGatewayV2::Route').map(({ properties }) => [properties.RouteKey, properties]),
  )
  const handlers = new Map(
    stage
      .of('AWS::ApiGatewayV2::Integration')
      .map(({ id, properties }) => [`integrations/{${id.slice(0, -8)}}`, properties]),
  )

  it('has the routes of the table and no others', () => {
    expect([...deployed.keys()].toSorted()).toEqual(all.map(routeKey).toSorted())
  })

  it.each(all.map((route) => [routeKey(route), route] as const))('%s', (key, { id: routeId, handler, access }) => {
    const route = deployed.get(key)
    const integration = handlers.get(route.Target)
    const id = handler.charAt(0).toUpperCase() + handler.slice(1)
    const isPage = ['getConsole', 'getConsoleFile', 'getPreferencesPage', 'getIcon', 'fallback'].includes(routeId)
    expect(integration).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: `{LedgerFunctions${id}${isPage ? 'Pages' : 'Live'}}`,
    })
    const scope = name === 'dev' ? undefined : scopes[access]
    if (scope === undefined) {
      expect(route.AuthorizationType).toBe('NONE')
      expect(route).not.toHaveProperty('AuthorizerId')
    } else {
      expect(route).toMatchObject({
        AuthorizationType: 'JWT',
        AuthorizerId: '{LedgerFrontDoorApiTokens}',
        AuthorizationScopes: [scope],
      })
    }
    if (key !== '$default') {
      const [rate, burst] = throttles[access]
      expect(apiStage?.properties.RouteSettings[key]).toEqual({
        ThrottlingRateLimit: rate,
        ThrottlingBurstLimit: burst,
      })
    }
  })

  it('throttles what no route of the table is', () => {
    expect(apiStage?.properties.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 400, ThrottlingBurstLimit: 800 })
    expect(Object.keys(apiStage?.properties.RouteSettings)).toHaveLength(all.length - 1)
  })

  it('waits with throttles for the routes that they name', () => {
    const waited = [apiStage?.raw.DependsOn].flat()
    const ids = stage.of('AWS::ApiGatewayV2::Route').filter(({ properties }) => properties.RouteKey !== '$default')
    expect(ids.filter(({ id }) => !waited.includes(id))).toEqual([])
  })

  it('reads a token from the header alone, of one issuer and for one audience, where one issuer signs for all', () => {
    const authorizers = stage.of('AWS::ApiGatewayV2::Authorizer').map(({ properties }) => properties)
    expect(authorizers).toHaveLength(name === 'dev' ? 0 : 1)
    for (const { AuthorizerType, IdentitySource, JwtConfiguration } of authorizers) {
      expect([AuthorizerType, IdentitySource]).toEqual(['JWT', ['$request.header.Authorization']])
      expect(JwtConfiguration.Audience).toEqual(['consent-ledger'])
      expect(JwtConfiguration.Issuer).toMatch(/^https:\/\//)
    }
  })

  it('names no controller, so that a new one needs no deployment', () => {
    expect(JSON.stringify(stage.templates[`consent-ledger-${name}`])).not.toContain('acme')
  })

  it('leaves CORS to the functions', () => {
    expect(api?.properties).not.toHaveProperty('CorsConfiguration')
  })

  it('answers at its own address only where it has no other', () => {
    expect(api?.properties.DisableExecuteApiEndpoint).toBe(name !== 'dev')
    const domains = stage.of('AWS::ApiGatewayV2::DomainName').map(({ properties }) => properties)
    expect(domains.flatMap((each) => each.DomainNameConfigurations)).toEqual(
      name === 'dev' ? [] : [expect.objectContaining({ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' })],
    )
  })

  it('writes no line beside the function’s own', () => {
    expect(apiStage?.properties).not.toHaveProperty('AccessLogSettings')
  })

  it('where it was asked to, logs nothing of who called, and no path', () => {
    const [logging] = changed(name, { stage: { accessLog: true } }).of('AWS::ApiGatewayV2::Stage')
    const { Format } = logging?.properties.AccessLogSettings ?? {}
    expect(JSON.parse(Format)).toEqual({
      requestId: '$context.requestId',
      time: '$context.requestTimeEpoch',
      routeKey: '$context.routeKey',
      status: '$context.status',
      responseLength: '$context.responseLength',
      latencyMs: '$context.responseLatency',
      integrationLatencyMs: '$context.integrationLatency',
      integrationStatus: '$context.integrationStatus',
      authorizerError: '$context.authorizer.error',
    })
    expect(Format).not.toMatch(/identity|userAgent|\.path|query|claims|domainName/i)
  })
})
