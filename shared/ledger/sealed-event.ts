/**
 * One event as one item of the entries table: its leaf in clear (salted digests only) and its content sealed, so that it never
 * exists without its content and is opened only while its year's keys live.
 *
 *   PK  `<controller>#<sub>`          SK  `event#` + base64url(HMAC(k_id, eventId)), cut to 16 bytes (22 characters)
 *   leaf     canonical JSON, `shared/consent/leaf.ts`
 *   digest   HMAC(k_digest, JCS(content)), 32 bytes: tells a replay from a conflict, and nothing to whom has no key
 *   hour     the hour of receipt, `2026-11-22T10`, no finer
 *   payload  format 1 ‖ nonce ‖ AES-256-GCM(deflated JSON) ‖ tag, under the year's proof key, PK and SK authenticated
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
import { hmacText, openBytes, sealBytes } from './keys.ts'
import type { Item, Key, Randomness } from './store.ts'
import type { SubjectKeys, YearKeys } from './vault.ts'

/**
 * What deflate may assume to have seen. It is part of format 1: another dictionary is another format. It holds what
 * most events and browsers share, the most frequent last: a usual event takes one write unit (1 KB) instead of two.
 */
const dictionary = Buffer.from(
  `Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0 Edg/130.0.0.0 OPR/(iPad; CPU OS 18_0 like Mac OS X)
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15
Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1
Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36
"page":"http://localhost/?utm_source=&utm_medium=&utm_campaign={"ipAddress":"192.168.0.0","userAgent":"Mozilla/5.0 (Windows NT 10.0; \
Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36","page":"https://www.
"acknowledged"accepted"declined"objected"withdrawn"deferred"requested"imported"operator"authenticated"confirmed"corrected"rejected"asserted
"unmatched"assumed"hashed"served-expired"served-unbound","textSha256":""passed"tcString":""gppString":""noticeIssuedAt":""derivedFrom":"gpc"
"android"ios"app"phone"paper"api","surface":"preference-centre"form"signup"account"toggle"checkbox"signature"single"refuse-all"accept-all
"identity":{"type":"email","id":""identity":{"type":"account","id":"{"policyId":"general-terms","verb":"accepted"},"locale":"en","presentationId":"
"initialState":{"marketing":"off","statistics":"off","preferences":"on"},"signals":{"gpc":true},"actor":{"role":"guardian"delegate
","site":"web","decisions":[{"purposeId":"newsletter","verb":"withdrawn"},{"purposeId":"marketing-cookies","verb":"refused"},\
{"purposeId":"statistics","verb":"given"},{"purposeId":"preferences","verb":"given"}],"times":{"occurredAt":"2026-01-01T00:00:00.000Z",\
"sentAt":"2026-01-01T00:00:00.000Z","ageMs":0,"skewMs":-1,"recordedAt":"2026-01-01T00:00:00.000Z","effectiveAt":"2026-01-01T00:00:00.000Z",\
"verdict":"trusted"},"who":{"actor":{"role":"self"},"assurance":"anonymous","ageGate":"not-asked"},"identity":{"type":"device","id":"\
"},"link":[{"policyId":"cookie-policy","inForce":"1","shown":"1","locale":"sv-SE","grade":"served"}],"how":{"channel":"web",\
"surface":"banner","act":"button","control":"save-choices","layer":1,"presentationId":"cookie-banner","initialState":\
{"marketing-cookies":"off","statistics":"off","preferences":"off"},"signals":{"gpc":false},"locale":"sv-SE"}}{"eventId":"`,
)
/** Sizes that fit an event: by default zlib takes some 300 KB for each call, and twice the time. */
const deflating = { dictionary, windowBits: 12, memLevel: 4, chunkSize: 1024 } as const
const inflating = { dictionary, windowBits: 12, chunkSize: 2048 } as const

/** First byte of what is sealed: says how it is packed. */
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
  return { pk: subject.pk, sk: `event#${hmacText(subject.id, eventId, 16)}` }
}

export const receiptIdOf = (key: Key) => key.sk.slice('event#'.length)
export const receiptKey = (subject: SubjectKeys, receiptId: string): Key => ({
  pk: subject.pk,
  sk: `event#${receiptId}`,
})

export function sealEvent(
  event: RecordedEvent,
  digest: Uint8Array,
  subject: SubjectKeys,
  random: Randomness,
): { readonly item: Item; readonly opened: OpenedEvent } {
  const key = eventKey(subject, event.eventId)
  const keys = yearKeys(subject, yearOf(event.times.recordedAt))
  const disclosures = disclose(keys.context ? event : { ...event, context: {} }, {
    ...keys,
    context: keys.context ?? keys.proof,
  })
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

/**
 * Opens a stored event; `undefined` once its year's key is destroyed. Throws when the item is not what was sealed. Its context
 * and its disclosures are opened and made when they are asked for: most answers need neither.
 */
export function openEvent(item: Item, subject: SubjectKeys): OpenedEvent | undefined {
  const { leaf, hour, payload } = item.values
  const keys = subject.years.get(yearOf(String(hour)))
  if (keys === undefined) return undefined
  if (typeof leaf !== 'string' || !(payload instanceof Uint8Array)) throw new Error('an event without leaf or payload')
  let context: EventContext | undefined
  let disclosures: Map<string, string> | undefined
  const event: RecordedEvent = {
    ...(openPayload(payload, keys.proof.seal, item) as Omit<RecordedEvent, 'context'>),
    get context() {
      context ??= openContext(item, keys)
      return context
    },
  }
  return {
    event,
    key: { pk: item.pk, sk: item.sk },
    leaf,
    get disclosures() {
      disclosures ??= disclose(event, keys)
      return disclosures
    },
  }
}

function openContext(item: Item, keys: YearKeys): EventContext {
  const { context } = item.values
  if (keys.context === undefined || !(context instanceof Uint8Array)) return {}
  return openPayload(context, keys.context.seal, item) as EventContext
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
  const salt = hmacText(saltKey, JSON.stringify([id, claim.name]), 16)
  return Buffer.from(disclosureJson(salt, claim)).toString('base64url')
}

export function yearKeys(subject: SubjectKeys, year: number): YearKeys {
  const keys = subject.years.get(year)
  if (keys === undefined) throw new Error(`no keys of ${year} for this subject`)
  return keys
}

const place = (key: Key) => `${key.pk}\n${key.sk}`

export function sealPayload(content: object, key: KeyObject, at: Key, random: Randomness): Uint8Array {
  return sealBytes(key, deflateRawSync(JSON.stringify(content), deflating), place(at), random, payloadFormat)
}

export function openPayload(sealed: Uint8Array, key: KeyObject, at: Key): unknown {
  if (sealed[0] !== payloadFormat) throw new Error(`payload format ${sealed[0]} is not known`)
  return JSON.parse(inflateRawSync(openBytes(key, sealed.subarray(1), place(at)), inflating).toString())
}
