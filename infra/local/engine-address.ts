/**
 * Where a database engine listens. Engines check neither authorisation nor `Host`, and answer `access-control-allow-origin: *`,
 * so the address itself must be out of reach of the web pages that are open in a browser on this machine:
 *
 *   port      one that browsers refuse to any page: the "bad ports" of https://fetch.spec.whatwg.org/#port-blocking. The rule
 *             is about the number alone, so it covers every scheme, redirects, WebSockets and rebound DNS names.
 *   address   random in 127.0.0.0/8 (24 bits), all of which is this machine on Linux. A program that sends requests on behalf of others
 *             and does not block bad ports would have to guess it. Other systems have 127.0.0.1 only.
 *
 * Other users of the machine can read both in /proc/net/tcp, whatever the engine's arguments show: they are inside the trust
 * boundary, as the README says.
 */
import { randomInt } from 'node:crypto'

export interface EngineAddress {
  readonly host: string
  readonly port: number
}

/** Blocked by Chromium, Firefox and Safari alike, open to programs without privileges, and seldom in use: sieve, sane, irc. */
export const blockedPorts: readonly number[] = [3659, 4045, 4190, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697]

/** Each blocked port once, in random order; with `own-hosts` each at an address of its own, where the system has several. */
export function engineAddresses(hosts: 'own-hosts' | 'one-host' = 'own-hosts'): EngineAddress[] {
  const hasSeveral = hosts === 'own-hosts' && process.platform === 'linux'
  return shuffled(blockedPorts).map((port) => ({ host: hasSeveral ? randomLoopback() : '127.0.0.1', port }))
}

export function engineEndpoint({ host, port }: EngineAddress): string {
  return `http://${host}:${port}`
}

/** Avoids 127.0.x.y, where other software listens. */
function randomLoopback(): string {
  return `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`
}

function shuffled(ports: readonly number[]): number[] {
  const order = [...ports]
  for (let last = order.length - 1; last > 0; last--) {
    const other = randomInt(last + 1)
    const [one, two] = [order[last], order[other]]
    if (one !== undefined && two !== undefined) [order[last], order[other]] = [two, one]
  }
  return order
}
