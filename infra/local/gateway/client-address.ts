/**
 * The address of the client that sent a request. Usually that is the socket's peer. When the peer is a proxy that the operator trusts,
 * `X-Forwarded-For` is read from its end up to the first address that is no trusted proxy; the client may have written the rest.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { Misuse } from '../../command-line.ts'

/** Writes an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) as IPv4, the form in which proxies are configured. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return ''
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** Reads addresses separated by commas. Throws `Misuse` when one is not an IP address. */
export function parseProxies(text: string | undefined): readonly string[] {
  const addresses = (text ?? '').split(',').filter((address) => address !== '')
  const wrong = addresses.find((address) => isIP(address) === 0)
  if (wrong !== undefined) throw new Misuse(`--trust-proxy takes IP addresses separated by commas, not ${wrong}`)
  return addresses.map(plainAddress)
}

/** `trusted`: addresses of the operator's proxies, as `plainAddress` writes them. */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trusted: ReadonlySet<string>,
): string {
  let address = plainAddress(socket.remoteAddress)
  if (!trusted.has(address)) return address
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
  while (trusted.has(address)) {
    const before = plainAddress(forwarded.pop()?.trim())
    if (isIP(before) === 0) break
    address = before
  }
  return address
}
