/**
 * Bounds on open connections, per address and in total, so that clients cannot exhaust memory and file descriptors. A connection over
 * a bound is closed before anything is read from it. The count of an address is dropped with its last connection.
 */
import type { Server } from 'node:http'
import { subscriberPrefix } from '../../../shared/consent/ip-address.ts'

export interface ConnectionLimits {
  readonly connections: number
  /** Open connections from one IPv4 address, or one IPv6 /64. */
  readonly connectionsOfAddress: number
}

/** `isExempt`: true for an address that the operator says many clients share, such as a trusted proxy's. */
export function limitConnections(
  server: Server,
  { connections, connectionsOfAddress }: ConnectionLimits,
  isExempt: (address: string) => boolean,
  onRefused: () => void,
): void {
  const open = new Map<string, number>()
  server.maxConnections = connections
  server.on('drop', onRefused)
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? ''
    const prefix = subscriberPrefix(address)
    const count = (open.get(prefix) ?? 0) + 1
    if (count > connectionsOfAddress && !isExempt(address)) {
      socket.destroy()
      onRefused()
      return
    }
    open.set(prefix, count)
    socket.once('close', () => {
      const left = (open.get(prefix) ?? 1) - 1
      if (left === 0) open.delete(prefix)
      else open.set(prefix, left)
    })
  })
}
