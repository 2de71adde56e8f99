/** Requests as API Gateway's HTTP APIs hand them to Lambda: payload format 2.0, headers in lower case, the route that matched. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type RouteId, routes } from '../../functions/served-routes.ts'
import { routeKey } from '../../shared/api/route-key.ts'

export interface ApiRequest {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** JSON unless it is text. */
  readonly body?: unknown
  readonly sourceIp?: string
}

export const viewerAddress = '203.0.113.77'
export const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

export function apiEvent(id: RouteId, request: ApiRequest = {}): APIGatewayProxyEventV2 {
  const route = routes.find((each) => each.id === id)
  if (route === undefined) throw new Error(`no route ${id}`)
  const { path = {}, query = {}, headers = {}, body, sourceIp = viewerAddress } = request
  const rawPath = route.path.replace(/\{(\w+)\+?\}/g, (_, name: string) => path[name] ?? '')
  const rawQueryString = new URLSearchParams(query).toString()
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    version: '2.0',
    routeKey: routeKey(route),
    rawPath,
    rawQueryString,
    headers: {
      accept: '*/*',
      'content-length': String(Buffer.byteLength(text ?? '')),
      host: 'api.ledger.example',
      'user-agent': userAgent,
      'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
      'x-forwarded-for': sourceIp,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(rawQueryString !== '' && { queryStringParameters: { ...query } }),
    ...(Object.keys(path).length > 0 && { pathParameters: { ...path } }),
    requestContext: {
      accountId: '111122223333',
      apiId: 'a1b2c3d4e5',
      domainName: 'api.ledger.example',
      domainPrefix: 'api',
      http: { method: route.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: routeKey(route),
      stage: '$default',
      time: '28/Nov/2026:12:00:00 +0000',
      timeEpoch: 1795867200000,
    },
    ...(text !== undefined && { body: text }),
    isBase64Encoded: false,
  }
}
