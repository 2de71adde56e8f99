/** Sends a message by what the URL of its endpoint says: over HTTP, or with `bus:` to the operator's own bus or folder. */
import { busUrl } from '../../shared/consent/endpoint.ts'
import type { Send } from '../../shared/ledger/fan-out/send-lanes.ts'

/** @param bus absent where the operator has none: its messages fail, and wait */
export function sendByScheme(http: Send, bus: Send | undefined): Send {
  return async (url, message) => {
    if (url !== busUrl) return http(url, message)
    return bus ? bus(url, message) : { isDelivered: false, error: 'no-bus' }
  }
}
