/** The calls that end-to-end tests make over and over, with the credentials of the demo world. */
import { randomUUID } from 'node:crypto'
import { deviceIdentity } from '../../functions/http/access.ts'
import { audienceOf } from '../../infra/local/development-issuer.ts'
import { type Reply, type RunningLedger, siteKeyOf } from './running-ledger.ts'

/** While this is "now", version 2 of every policy of Ljungsten is in force and version 3 is scheduled. */
export const noon = '2026-11-22T12:00:00.000Z'

export const secondMs = 1000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export type EventBody = Record<string, unknown>

/** `base` moved by some milliseconds. */
export function moved(base: string, ms: number): string {
  return new Date(Date.parse(base) + ms).toISOString()
}

/** A visitor's event on the cookie policy, as of the ledger's clock. */
export function visitorEvent(ledger: RunningLedger, deviceSecret: string, more: EventBody = {}): EventBody {
  return { ...decisionEvent(ledger, more), subject: { deviceSecret }, ...more }
}

/** The same without a subject, as the `/v1/me` routes want it. */
export function decisionEvent(ledger: RunningLedger, more: EventBody = {}): EventBody {
  return {
    eventId: randomUUID(),
    occurredAt: ledger.now(),
    decisions: [{ purposeId: 'statistics', verb: 'given' }],
    shown: [{ policyId: 'cookie-policy', version: '2', locale: 'en' }],
    act: 'button',
    control: 'save-choices',
    ...more,
  }
}

export function record(ledger: RunningLedger, event: unknown, site = 'ljungsten/web', headers = {}): Promise<Reply> {
  return ledger.post(`/v1/events?key=${siteKeyOf(ledger, site)}`, event, headers)
}

export function notice(ledger: RunningLedger, policyId: string, site = 'ljungsten/web', headers = {}): Promise<Reply> {
  return ledger.get(`/v1/notices/${policyId}?key=${siteKeyOf(ledger, site)}&locale=sv-SE`, headers)
}

export const device = (secret: string) => ({ authorization: `Device ${secret}` })
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** With a token that has no grant, unlike those of `ledger.token`. */
export async function bearerWithoutGrant(
  ledger: RunningLedger,
  subject: string,
  scope: string,
  controller = 'ljungsten',
): Promise<Record<string, string>> {
  const audience = audienceOf(controller)
  return bearer(await ledger.local.issuer.token({ audience, subject, scope, lifetimeSeconds: 600 }))
}

/** Asks as an auditor of the controller. */
export async function audit(
  ledger: RunningLedger,
  question: 'consents' | 'timeline' | 'proofs',
  body: EventBody,
  controller = 'ljungsten',
): Promise<Reply> {
  const token = await ledger.token('consent.audit', controller, 'auditor')
  return ledger.post(`/v1/audit/${question}`, { controller, ...body }, bearer(token))
}

/** The one answer to a question about one purpose or policy of a visitor. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of the API, checked against its schema when it came
export async function statusOfVisitor(ledger: RunningLedger, secret: string, topic: EventBody): Promise<any> {
  const reply = await audit(ledger, 'consents', { subject: deviceIdentity(secret), ...topic })
  return reply.json.consents[0]
}

/** Administers a controller: `path` is below `/v1/controllers/<controller>`. */
export async function administer(
  ledger: RunningLedger,
  path: string,
  body: unknown,
  controller = 'ljungsten',
): Promise<Reply> {
  const token = await ledger.token('consent.admin', controller, 'editor')
  return ledger.post(`/v1/controllers/${controller}${path}`, body, bearer(token))
}

/** What a receipt says each time: its promise is signed anew, and its tlog-proof is of the newest checkpoint. */
export function lasting({ inclusionPromise: _, tlogProof: __, ...receipt }: Reply['json']): EventBody {
  return receipt
}

export interface DecodedDisclosure {
  readonly salt: string
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: the value of any claim
  readonly value: any
}

/** RFC 9901: base64url of the JSON array [salt, name, value]. */
export function decodeDisclosure(disclosure: string): DecodedDisclosure {
  const [salt, name, value] = JSON.parse(Buffer.from(disclosure, 'base64url').toString())
  return { salt, name, value }
}

/** What the disclosures of a receipt or a proof open, by claim name. */
export function claimsIn(disclosures: readonly string[]): Map<string, DecodedDisclosure['value']> {
  return new Map(disclosures.map(decodeDisclosure).map(({ name, value }) => [name, value]))
}
