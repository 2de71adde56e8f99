/**
 * The address of a database engine. Engines check neither authorisation nor `Host` and answer `access-control-allow-origin: *`, so no web
 * page that is open in a browser on this machine may reach the address:
 *
 *   port      one of those that browsers refuse to every page, the "bad ports" of https://fetch.spec.whatwg.org/#port-blocking. The rule
 *             is about the number alone, so it covers every scheme, redirects, WebSockets and rebound DNS names.
 *   address   random in 127.0.0.0/8 (24 bits), all of which is this machine on Linux. A program that sends requests on behalf of others
 *             and does not block bad ports would have to guess it. Other systems have 127.0.0.1 only.
 *
 * Other users of the machine can read both in /proc/net/tcp: they are inside the trust boundary (`../README.md`).
 */
import { randomInt } from 'node:crypto'

export interface EngineAddress {
  readonly host: string
  readonly port: number
}

/** `own`: listens at one address, its own where the system has several. `all`: listens on all interfaces, and is called at 127.0.0.1. */
export type Interfaces = 'own' | 'all'

/**
 * Blocked by Chromium, Firefox and Safari alike, open to programs without privileges, and seldom in use. An engine on all interfaces
 * cannot have a port that another has at any address, so the two kinds do not share ports.
 */
const blockedPorts: Readonly<Record<Interfaces, readonly number[]>> = {
  own: [6665, 6666, 6667, 6668, 6669],
  all: [1719, 1720, 1723, 3659, 4045, 4190, 5060, 5061, 6566, 6679, 6697],
}

/** Returns an address for each of the ports, in random order. */
export function engineAddresses(interfaces: Interfaces): EngineAddress[] {
  const hasSeveral = interfaces === 'own' && process.platform === 'linux'
  return shuffled(blockedPorts[interfaces]).map((port) => ({ host: hasSeveral ? randomLoopback() : '127.0.0.1', port }))
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
