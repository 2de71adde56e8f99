/** What is kept of an IP address by default: its network, /24 for IPv4 and /48 for IPv6. Anything else is dropped. */
export function truncateIpAddress(address: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(mapped)
  if (v4) return `${v4[1]}.${v4[2]}.${v4[3]}.0`
  const groups = expandV6(mapped)
  return groups && `${groups.slice(0, 3).join(':')}::`
}

/**
 * The part of an address that identifies one subscriber of a network: all of an IPv4 address, the /64 of an IPv6 address. Limits count
 * by it, because a household or a rented server can change the other half of its IPv6 address at will. Other text is returned unchanged.
 */
export function subscriberPrefix(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  const groups = expandV6(mapped)
  return groups ? `${groups.slice(0, 4).join(':')}::/64` : mapped
}

/** The eight groups of an IPv6 address without leading zeros, or `undefined` when it is none. */
function expandV6(address: string): string[] | undefined {
  const [head = '', tail, ...more] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  if (more.length > 0) return undefined
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = 8 - front.length - back.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...front, ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...back]
  return groups.every((g) => /^[0-9a-f]{1,4}$/.test(g))
    ? groups.map((g) => Number.parseInt(g, 16).toString(16))
    : undefined
}
