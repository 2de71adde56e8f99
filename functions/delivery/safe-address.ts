/**
 * Whether messages may be sent to an address: only to global unicast ones, as IANA's special-purpose registries have them
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry). An endpoint's
 * URL comes from outside, so without this rule it could make the ledger call the services of its own network (server-side request forgery).
 */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The unicast space that is assigned (RFC 4291, section 2.4). What lies outside, such as NAT64 and mapped addresses, may lead back to IPv4. */
const globalIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')
/** Documentation (RFC 9637), which the library does not know. */
const documentation = ipaddr.IPv6.parseCIDR('3fff::/20')
/** Public addresses that clouds serve their metadata on, to their own machines. */
const metadata: ReadonlySet<string> = new Set(['168.63.129.16'])

export interface AddressRules {
  /** On one machine, for tests and development: messages go to the machine's own loopback addresses, and without TLS. */
  readonly allowsLoopback: boolean
}

/** @param address as a resolver returns it */
export function isSafeAddress(address: string, { allowsLoopback }: AddressRules): boolean {
  // The library also reads shorthands such as `127.1`, which no resolver returns.
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address)
  const range = parsed.range()
  if (range === 'loopback') return allowsLoopback
  if (range !== 'unicast') return false
  if (parsed instanceof ipaddr.IPv6) return parsed.match(globalIpv6) && !parsed.match(documentation)
  return !metadata.has(parsed.toString())
}
