/**
 * What the bench's visitors send: the decisions of one visit to the demo world's cookie banner, on three purposes, with the
 * notice that the ledger served to this very device, and everything that a browser adds.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { deviceIdentity } from '../../functions/http/access.ts'
import type { ClientEvent } from '../../shared/consent/client-event.ts'
import type { Identity } from '../../shared/consent/event.ts'

export interface Visitor {
  readonly deviceSecret: string
  readonly identity: Identity
  /** As `GET /v1/notices/cookie-policy` would give it to this device. */
  readonly noticeToken: string
}

export const controller = 'ljungsten'
export const site = 'web'
export const policyId = 'cookie-policy'
export const locale = 'sv-SE'
/** Reads of state and proof ask about this one. */
export const purposeId = 'statistics'

export const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
export const browserHeaders = {
  'content-type': 'application/json',
  accept: '*/*',
  'accept-language': 'sv-SE,sv;q=0.9,en;q=0.8',
  origin: 'https://www.ljungsten.example',
  referer: 'https://www.ljungsten.example/',
  'user-agent': userAgent,
}

export function newVisitor(noticeTokenFor: (identity: Identity) => string): Visitor {
  const deviceSecret = randomBytes(24).toString('base64url')
  const identity = deviceIdentity(deviceSecret)
  return { deviceSecret, identity, noticeToken: noticeTokenFor(identity) }
}

/** A new event each time: its own `eventId`, decided and sent now. */
export function visit({ noticeToken }: Visitor): ClientEvent {
  const now = new Date().toISOString()
  return {
    eventId: randomUUID(),
    occurredAt: now,
    sentAt: now,
    decisions: [
      { purposeId: 'preferences', verb: 'given' },
      { purposeId: 'statistics', verb: 'given' },
      { purposeId: 'marketing-cookies', verb: 'refused' },
    ],
    shown: [{ noticeToken }],
    presentationId: 'cookie-banner-2025',
    initialState: { preferences: 'off', statistics: 'off', 'marketing-cookies': 'off' },
    channel: 'web',
    surface: 'banner',
    act: 'button',
    control: 'save-choices',
    layer: 1,
    actor: { role: 'self' },
    ageGate: 'not-asked',
    signals: { gpc: false },
    locale,
    page: 'https://www.ljungsten.example/privatperson/betala-din-skuld?utm_source=brev&utm_medium=qr',
  }
}

/** The body of `POST /v1/events`. */
export function visitBody(visitor: Visitor, isNew: boolean): string {
  const { deviceSecret } = visitor
  return JSON.stringify({ ...visit(visitor), subject: isNew ? { deviceSecret, new: true } : { deviceSecret } })
}
