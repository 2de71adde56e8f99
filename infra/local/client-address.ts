/**
 * From whom a request comes. That is the socket's peer, whatever the request says of itself; only where the operator names the
 * address of a proxy of his own is `X-Forwarded-For` believed, and then no further than up to the first address that is not such a
 * proxy: everything before it was written by the client.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** IPv4 as itself also where the socket speaks IPv6. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return ''
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** Addresses with commas in between. Throws a sentence for what is none. */
export function parseProxies(text: string | undefined): readonly string[] {
  const addresses = (text ?? '').split(',').filter((address) => address !== '')
  const wrong = addresses.find((address) => isIP(address) === 0)
  if (wrong !== undefined) throw new Error(`--trust-proxy is an IP address, or several with commas, not ${wrong}`)
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
