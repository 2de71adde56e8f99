/**
 * Whether a request comes from a program on this machine, by an address of this machine. The development issuer answers no other: it asks for
 * no password.
 *
 * The peer's address keeps out the network, `Host` keeps out a website whose name was made to lead here (DNS rebinding), and the headers of
 * proxies keep out what comes through one. A proxy that sends none of them and rewrites `Host` is not recognised.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/
const loopbackAddress = /^(127\.\d+\.\d+\.\d+|::1)$/
const ofProxies = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-host'] as const

/** The origin at which the request reached the server; `undefined` for a request from elsewhere. */
export function localOrigin({ headers, requestContext }: APIGatewayProxyEventV2): string | undefined {
  const { host = '' } = headers
  if (!loopbackHost.test(host) || !loopbackAddress.test(requestContext.http.sourceIp)) return undefined
  // The gateway adds the peer, so more than one address means that a proxy had written one.
  const isForwarded = headers['x-forwarded-for']?.includes(',') || ofProxies.some((name) => headers[name] !== undefined)
  return isForwarded ? undefined : `http://${host}`
}
