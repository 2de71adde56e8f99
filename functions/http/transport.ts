/** What the transport states about the sender. It is kept as the event's context, and trusted from the gateway and its edge only. */
import type { ReceivedEvent } from '../../shared/ledger/recorded-event.ts'
import { type Call, header } from './call.ts'

const maxUserAgentLength = 512

export function transport(call: Call): Pick<ReceivedEvent, 'ipAddress' | 'userAgent'> {
  return {
    ipAddress: viewerAddress(call),
    userAgent: header(call, 'user-agent')?.slice(0, maxUserAgentLength),
  }
}

/** In front of us an edge writes it, over whatever the request said; the peer is then one of the edge's machines. */
export function viewerAddress(call: Call): string {
  const told = call.instance.isBehindEdge ? header(call, 'x-viewer-address') : undefined
  return told ?? call.event.requestContext.http.sourceIp
}
