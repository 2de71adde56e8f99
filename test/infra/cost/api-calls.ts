/**
 * Calls of our routes as a browser makes them and API Gateway's HTTP API hands them on (payload format 2.0): straight to a function, which
 * is an instance of its own, cold at its first call.
 */
import { gunzipSync } from 'node:zlib'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { type RouteId, routes } from '../../../functions/served-routes.ts'
import type { Request } from '../../../infra/cost/usage.ts'
import { invocationContext } from '../../../infra/local/gateway/invocation-context.ts'
import { routeKey } from '../../../shared/api/route-key.ts'
import type { HandlerName } from '../../../shared/api/routes.ts'
import { browserHeaders, userAgent } from '../../bench/visits.ts'
import type { Deployment } from './deployment.ts'

export interface Call {
  readonly route: RouteId
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Instance {
  /** Throws for any other status. */
  ask(call: Call, expectedStatus: number): Promise<{ readonly request: Request; readonly body: string }>
}

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>

const timeoutMs = 30_000
/** What every browser, our own client and most others send. */
const acceptEncoding = { 'accept-encoding': 'gzip, deflate, br, zstd' }

export async function startInstance(
  deployment: Deployment,
  name: HandlerName,
  entry: () => Promise<{ readonly handler: unknown }>,
): Promise<Instance> {
  const handler = (await deployment.load(entry)).handler as Handler
  return {
    async ask(call, expectedStatus) {
      const context = invocationContext(name, crypto.randomUUID(), Date.now, Date.now() + timeoutMs)
      const { result, usage } = await deployment.metered(() => handler(eventOf(call), context))
      const { statusCode, isBase64Encoded, headers } = result
      const sent = Buffer.from(result.body ?? '', isBase64Encoded ? 'base64' : 'utf8')
      const body = (headers?.['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString()
      if (statusCode !== expectedStatus) throw new Error(`expected ${expectedStatus} of ${call.route}: ${body}`)
      return { request: { ...usage, responseBytes: sent.length }, body }
    },
  }
}

function eventOf({ route, path = {}, query = {}, headers = {}, body }: Call): APIGatewayProxyEventV2 {
  const found = routes.find(({ id }) => id === route)
  if (found === undefined) throw new Error(`no route ${route}`)
  const key = routeKey(found)
  const rawPath = found.path.replace(/\{(\w+)\+?\}/g, (_, name: string) => path[name] ?? '')
  return {
    version: '2.0',
    routeKey: key,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...browserHeaders, ...acceptEncoding, ...headers },
    queryStringParameters: { ...query },
    pathParameters: { ...path },
    requestContext: {
      ...{ accountId: '111122223333', apiId: 'api', domainName: 'ledger.example', domainPrefix: 'ledger' },
      http: { method: found.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.17', userAgent },
      ...{ requestId: 'JKJaXmPLvHcESHA=', routeKey: key, stage: '$default' },
      ...{ time: '28/Nov/2026:12:00:00 +0000', timeEpoch: Date.now() },
    },
    isBase64Encoded: false,
    ...(body !== undefined && { body }),
  }
}
