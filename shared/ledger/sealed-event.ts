/**
 * One event as one item of the entries table: its leaf in clear (salted digests only) and its content sealed, so that it never
 * exists without its content and is opened only while its year's keys live.
 *
 *   PK  `<controller>#<sub>`          SK  `event#` + base64url(HMAC(k_id, eventId)), cut to 16 bytes (22 characters)
 *   leaf     canonical JSON, `shared/consent/leaf.ts`
 *   digest   HMAC(k_digest, JCS(content)), 32 bytes: tells a replay from a conflict, and nothing to whom has no key
 *   hour     the hour of receipt, `2026-11-22T10`, no finer
 *   payload  format 1 ‖ nonce ‖ AES-256-GCM(deflate(JSON)) ‖ tag, under the year's proof key, PK and SK authenticated
 *   context  the same for IP address, user agent and page, under the year's context key; absent when there is none
 *
 * Salt of a disclosure = HMAC(k_salt, JCS([eventId, name])), 16 bytes, of the year's proof key; for `field:context` of the
 * context key. So disclosures are made again from what is sealed, to the byte, and never stored.
 */
import { hash, type KeyObject } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { EventContext, RecordedEvent } from '../consent/event.ts'
import { type Claim, claimsOf, disclosureJson, eventLeaf, maxLeafBytes } from '../consent/leaf.ts'
import { LedgerError } from '../errors.ts'
import { hmac, openBytes, sealBytes } from './keys.ts'
import type { Item, Key, Randomness } from './store.ts'
import type { SubjectKeys, YearKeys } from './vault.ts'

/**
 * What deflate may assume to have seen. It is part of payload format 1: another dictionary is another format. It holds the
 * names and values that most events share, the most frequent last.
 */
const dictionary = Buffer.from(
  '"acknowledged"accepted"declined"objected"withdrawn"deferred"requested"imported"operator"authenticated"corrected"rejected"asserted"' +
    '"unmatched"assumed"hashed"served-expired"served-unbound","presentationId":""initialState":{":"on":"off"},"signals":{"gpc":true,"tcString":"' +
    '"ageGate":"passed"channel":"android","channel":"ios","surface":"preference-centre","surface":"form","surface":"signup","act":"toggle",' +
    '"act":"checkbox","control":"save-choices","control":"single","control":"refuse-all","derivedFrom":"gpc","noticeIssuedAt":"' +
    '{"identity":{"type":"email","id":"{"identity":{"type":"account","id":"{"site":"web","decisions":[{"policyId":"general-terms","verb":"accepted"},' +
    '{"purposeId":"newsletter","verb":"refused"},{"purposeId":"marketing","verb":"given"},{"purposeId":"statistics","verb":"given"}],' +
    '"times":{"occurredAt":"2026-01-01T00:00:00.000Z","sentAt":"2026-01-01T00:00:00.000Z","ageMs":1,"skewMs":-1,"recordedAt":"2026-01-01T00:00:00.000Z",' +
    '"effectiveAt":"2026-01-01T00:00:00.000Z","verdict":"trusted"},"who":{"actor":{"role":"self"},"assurance":"anonymous"},"identity":{"type":"device","id":"' +
    '"},"link":[{"policyId":"cookie-policy","inForce":"1","shown":"1","locale":"en","textSha256":"","locale":"sv-SE","textSha256":"","grade":"served"}],' +
    '"how":{"channel":"web","surface":"banner","act":"button","control":"accept-all","layer":1,"locale":"sv-SE"}},"eventId":"',
)
const payloadFormat = 1

/** An event with everything that a proof or a receipt may show of it. */
export interface OpenedEvent {
  readonly event: RecordedEvent
  /** The key of the entry; `receiptId` is its last part. */
  readonly key: Key
  readonly leaf: string
  /** Disclosure by claim name; `field:context` is missing once its key is gone. */
  readonly disclosures: ReadonlyMap<string, string>
}

export function eventKey(subject: SubjectKeys, eventId: string): Key {
  return { pk: subject.pk, sk: `event#${hmac(subject.id, eventId).toString('base64url', 0, 16)}` }
}

export const receiptIdOf = (key: Key) => key.sk.slice('event#'.length)

export function sealEvent(
  event: RecordedEvent,
  digest: Uint8Array,
  subject: SubjectKeys,
  random: Randomness,
): { readonly item: Item; readonly opened: OpenedEvent } {
  const key = eventKey(subject, event.eventId)
  const keys = yearKeys(subject, yearOf(event.times.recordedAt))
  const disclosures = disclose(event, keys)
  const leaf = eventLeaf(subject.sub, [...disclosures.values()].map(disclosureDigest))
  if (leaf.length > maxLeafBytes) {
    throw new LedgerError('leaf-too-large', 'the event decides on more than one leaf can hold', {
      field: '/decisions',
      given: `${event.decisions.length} decisions, ${leaf.length} bytes`,
      allowed: `${maxLeafBytes} bytes of leaf`,
    })
  }
  const { context, ...rest } = event
  const values: Record<string, string | Uint8Array> = {
    leaf,
    digest,
    hour: event.times.recordedAt.slice(0, 13),
    payload: sealPayload(rest, keys.proof.seal, key, random),
  }
  if (keys.context && Object.keys(context).length > 0)
    values.context = sealPayload(context, keys.context.seal, key, random)
  return { item: { ...key, values }, opened: { event, key, leaf, disclosures } }
}

/** Opens a stored event; `undefined` once its year's key is destroyed. Throws when the item is not what was sealed. */
export function openEvent(item: Item, subject: SubjectKeys): OpenedEvent | undefined {
  const { leaf, hour, payload, context } = item.values
  const keys = subject.years.get(yearOf(String(hour)))
  if (keys === undefined) return undefined
  if (typeof leaf !== 'string' || !(payload instanceof Uint8Array)) throw new Error('an event without leaf or payload')
  const rest = openPayload(payload, keys.proof.seal, item) as Omit<RecordedEvent, 'context'>
  const opensContext = keys.context && context instanceof Uint8Array
  const event: RecordedEvent = {
    ...rest,
    context: opensContext ? (openPayload(context, keys.context.seal, item) as EventContext) : {},
  }
  return { event, key: { pk: item.pk, sk: item.sk }, leaf, disclosures: disclose(event, keys) }
}

/** The year of a stored item: which keys of its subject open it. */
export function yearOf(at: string): number {
  return Number(at.slice(0, 4))
}

/** base64url(SHA-256(ASCII of the disclosure)): RFC 9901, section 4.2.3. */
export function disclosureDigest(disclosure: string): string {
  return hash('sha256', disclosure, 'base64url')
}

function disclose(event: RecordedEvent, keys: YearKeys): Map<string, string> {
  const disclosures = new Map<string, string>()
  for (const claim of claimsOf(event)) {
    const salting = claim.name === 'field:context' ? keys.context : keys.proof
    if (salting) disclosures.set(claim.name, makeDisclosure(event.eventId, claim, salting.salt))
  }
  return disclosures
}

/** `id` is unique among what this key salts: an eventId, or the id of a read. */
export function makeDisclosure(id: string, claim: Claim, saltKey: KeyObject): string {
  const salt = hmac(saltKey, JSON.stringify([id, claim.name])).toString('base64url', 0, 16)
  return Buffer.from(disclosureJson(salt, claim)).toString('base64url')
}

export function yearKeys(subject: SubjectKeys, year: number): YearKeys {
  const keys = subject.years.get(year)
  if (keys === undefined) throw new Error(`no keys of ${year} for this subject`)
  return keys
}

const place = (key: Key) => `${key.pk}\n${key.sk}`

export function sealPayload(content: object, key: KeyObject, at: Key, random: Randomness): Uint8Array {
  const sealed = sealBytes(key, deflateRawSync(JSON.stringify(content), { dictionary }), place(at), random)
  return Buffer.concat([Buffer.of(payloadFormat), sealed])
}

export function openPayload(sealed: Uint8Array, key: KeyObject, at: Key): unknown {
  if (sealed[0] !== payloadFormat) throw new Error(`payload format ${sealed[0]} is not known`)
  const plain = inflateRawSync(openBytes(key, sealed.subarray(1), place(at)), { dictionary })
  return JSON.parse(plain.toString())
}
