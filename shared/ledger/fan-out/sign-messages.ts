/** Makes what is posted: the body of a message as an endpoint wants it, its id, and its signature. */
import { defaultExpiringDays } from '../../consent/expiry.ts'
import { type MessageType, pingType } from '../../consent/message-types.ts'
import { deliveryId, pingId, pingPart } from './delivery-id.ts'
import type { StoredEndpoint } from './endpoint-entries.ts'
import { secretsAt } from './endpoint-entries.ts'
import type { MessageContent } from './leaf-messages.ts'
import { maxBodyBytes, type ReadyMessage } from './message-source.ts'
import { signedHeaders } from './webhook-signature.ts'

export interface Addressed {
  readonly controller: string
  readonly stored: StoredEndpoint
  readonly nowMs: number
  /** Public address of the ledger. */
  readonly baseUrl: string
}

/** Pseudonyms have 43 characters; so many tell lanes apart, and a state that holds hundreds stays small. */
const laneLength = 12
/** What is about no person goes in an order of its own. */
const commonLane = 'common'

/** Whether the endpoint asked for it. */
export function isWanted(stored: StoredEndpoint, { type, purposeId, days }: MessageContent): boolean {
  const { types, purposes } = stored.settings
  if (!types.includes(type) || (days !== undefined && !isAskedAhead(stored, days))) return false
  return purposes === undefined || purposeId === undefined || purposes.includes(purposeId)
}

/** Whether the endpoint hears of ends so many days ahead. 0: of those that have come. */
export function isAskedAhead(
  { settings: { types, expiringDays = defaultExpiringDays } }: StoredEndpoint,
  days: number,
) {
  return days === 0 ? types.includes('consent.expired') : types.includes('consent.expiring') && days === expiringDays
}

/** @param sequence absent from a redelivery of what the endpoint was not sent before */
export function readyMessage(
  to: Addressed,
  leaf: number,
  content: MessageContent,
  sequence: number | undefined,
): ReadyMessage {
  const { controller, stored, baseUrl } = to
  const { settings } = stored
  const { type, part, at, sub, fat, ...about } = content
  const id = deliveryId({ controller, endpoint: settings.endpoint, leaf, part })
  const ask = sub === undefined ? {} : { ask: `${baseUrl}/v1/deliveries/${id}` }
  const thin = {
    ...{ id, controller, endpoint: settings.endpoint, leaf },
    ...(sequence !== undefined && { sequence }),
    ...(sub !== undefined && { subject: sub }),
    ...about,
    ...ask,
  }
  const whole = bodyOf(type, at, settings.payload === 'fat' && fat ? { ...thin, ...fat } : thin)
  // Identifiers and names are bounded, so only a record of an earlier release could be so long.
  const body = Buffer.byteLength(whole) <= maxBodyBytes ? whole : bodyOf(type, at, thin)
  const { completionHours } = settings
  return {
    ...{
      leaf,
      part,
      id,
      body,
      sequence,
      lane: sub?.slice(0, laneLength) ?? commonLane,
      headers: headersOf(to, id, body),
    },
    ...(completionHours !== undefined && { completionHours }),
  }
}

/** @param number of the redelivery that asked for it */
export function testMessage(to: Addressed, number: number, askedAt: string): ReadyMessage {
  const { controller, stored } = to
  const { endpoint } = stored.settings
  const id = pingId(controller, endpoint, number)
  const body = bodyOf(pingType, askedAt, { id, controller, endpoint })
  return { leaf: 0, part: pingPart, id, body, sequence: undefined, lane: commonLane, headers: headersOf(to, id, body) }
}

function bodyOf(type: MessageType | typeof pingType, timestamp: string, data: object): string {
  return JSON.stringify({ type, timestamp, data })
}

function headersOf({ stored: { keys }, nowMs }: Addressed, id: string, body: string): Readonly<Record<string, string>> {
  const secrets = secretsAt(keys, new Date(nowMs).toISOString())
  return { ...signedHeaders(id, Math.floor(nowMs / 1000), body, { secrets, signingKey: keys.signingKey }) }
}
