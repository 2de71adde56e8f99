/** Where a server of this command listens: `HOST:PORT`, an IPv6 address in brackets. */
import { Misuse } from '../command-line.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

export function listenAddress(given: string): ListenAddress {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(given) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port) > 65_535) throw new Misuse(`--listen ${given}: write HOST:PORT`)
  return { host, port: Number(port) }
}

/** @param host a name or an address, with or without the brackets of IPv6 */
export const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host)

/** As it is written in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)
