/** The sender's address and user agent, recorded as the event's context. Only values set by the gateway or the edge are trusted. */
import type { ReceivedEvent } from '../../shared/ledger/recording/recorded-event.ts'
import { type Call, header } from './call.ts'

const maxUserAgentLength = 512

export function transport(call: Call): Pick<ReceivedEvent, 'ipAddress' | 'userAgent'> {
  return {
    ipAddress: viewerAddress(call),
    userAgent: header(call, 'user-agent')?.slice(0, maxUserAgentLength),
  }
}

/** Behind CloudFront the client's address is in `x-viewer-address`, which the edge overwrites; `sourceIp` is CloudFront's own. */
export function viewerAddress(call: Call): string {
  const viewer = call.instance.isBehindEdge ? header(call, 'x-viewer-address') : undefined
  return viewer ?? call.event.requestContext.http.sourceIp
}
