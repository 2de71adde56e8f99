/**
 * One event as one item of the entries table: its leaf in clear (salted digests only) and its content sealed. An event therefore never
 * exists without its content, and opens only while the keys of its year exist.
 *
 *   PK  `<controller>#<sub>`          SK  `event#` + base64url(HMAC(k_id, eventId)), cut to 16 bytes (22 characters)
 *   leaf     canonical JSON, `shared/consent/leaf.ts`
 *   digest   `content-digest.ts`, 32 bytes: distinguishes a replay from a conflict; says nothing without the key
 *   hour     the hour of receipt, `2026-11-22T10`, no finer
 *   refuted  the time of the log's newest batch, when that was wrong: see `recordingTime` in `consent/clocks.ts`; usually absent
 *   payload  sealed under the year's proof key (`sealed-payload.ts`), PK and SK authenticated
 *   context  the same for IP address, user agent and page, under the year's context key; absent when there is none
 *
 * Salt of a disclosure = HMAC(k_salt, JCS([eventId, name])), 16 bytes, of the year's proof key; for `field:context` of the
 * context key. Disclosures are never stored: they are made again, byte for byte, from the sealed content.
 */
import type { KeyObject } from 'node:crypto'
import { instantOf } from '../../consent/duration.ts'
import type { EventContext, RecordedEvent } from '../../consent/event.ts'
import { isEventContext, isSealedContent, type SealedContent } from '../../consent/event.ts'
import { claimsOf, eventLeaf, maxLeafBytes } from '../../consent/leaf.ts'
import { LedgerError } from '../../errors.ts'
import { hmacText } from '../derived-keys.ts'
import { disclosureDigest, makeDisclosure } from '../disclosures.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import type { Item, Key, Randomness } from '../store.ts'
import { isYearUnreadable, keysOfYear, type SubjectKeys, type YearKeys } from '../vault/subject-keys.ts'
import { keysUnreadable } from '../vault/vault.ts'

/**
 * Least padded lengths. Nearly every banner event is shorter, so all have one length, and with a leaf of three decisions an item takes
 * one write unit (1,024 bytes). `test/bench/calls.test.ts` and the README's figures depend on both.
 */
const paddedBytes = { event: 160, context: 80 }

/** An event with everything that a proof or a receipt may show of it. */
export interface OpenedEvent {
  readonly event: RecordedEvent
  /** The key of the entry; `receiptId` is its last part. */
  readonly key: Key
  readonly leaf: string
  /** Disclosure by claim name; `field:context` is missing once its key is gone, or when it does not open. */
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

/** @param key the entry's key, as `eventKey` makes it */
export function sealEvent(
  event: RecordedEvent,
  key: Key,
  digest: Uint8Array,
  subject: SubjectKeys,
  random: Randomness,
  refuted?: string,
): { readonly item: Item; readonly opened: OpenedEvent } {
  const keys = yearKeys(subject, yearOf(event.times.recordedAt))
  const disclosures = disclose(keys.context ? event : { ...event, context: {} }, {
    ...keys,
    context: keys.context ?? keys.proof,
  })
  const leaf = eventLeaf(subject.sub, [...disclosures.values()].map(disclosureDigest))
  if (leaf.length > maxLeafBytes) {
    throw new LedgerError('leaf-too-large', 'the event has more decisions than one leaf can hold', {
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
    payload: sealPayload(rest, keys.proof.seal, key, random, paddedBytes.event),
    ...(refuted !== undefined && { refuted }),
  }
  if (keys.context && Object.keys(context).length > 0)
    values.context = sealPayload(context, keys.context.seal, key, random, paddedBytes.context)
  return { item: { ...key, values }, opened: { event, key, leaf, disclosures } }
}

/**
 * Result of opening a stored item. `closed`: the key of its year is destroyed. `unreadable`: its key exists and it does not open, or its
 * content does not have the form of an event. Anyone who may insert can plant such a row, and nothing can delete it.
 */
export type OpenResult =
  | { readonly state: 'opened'; readonly opened: OpenedEvent }
  | { readonly state: 'closed' | 'unreadable'; readonly opened?: never }

/**
 * Opens a stored event. Never throws, so that one bad row cannot block the answer about the others. Context and disclosures are made on
 * first use, because most answers need neither; a context that does not open counts as destroyed.
 */
export function openEvent(item: Item, subject: SubjectKeys): OpenResult {
  const { leaf, hour, payload } = item.values
  if (typeof hour !== 'string' || !isHour(hour)) return { state: 'unreadable' }
  const year = yearOf(hour)
  const keys = keysOfYear(subject, year)
  if (keys === undefined) {
    const isClosed = !isYearUnreadable(subject, year) && !opensInAnotherYear(item, subject)
    return { state: isClosed ? 'closed' : 'unreadable' }
  }
  const content = typeof leaf === 'string' ? readContent(payload, keys, item) : undefined
  return content === undefined
    ? { state: 'unreadable' }
    : { state: 'opened', opened: openedEvent(content, String(leaf), item, keys) }
}

/** The error for a request about a single event. A retry cannot help, because the row stays as it is. */
export function eventUnreadable(field: string, given?: string): LedgerError {
  return new LedgerError('event-unreadable', 'the event is stored, but its stored row cannot be read', {
    field,
    ...(given !== undefined && { given }),
  })
}

function isHour(text: string): boolean {
  const read = instantOf(`${text}:00:00.000Z`)
  return text.length === 13 && read?.slice(0, 13) === text
}

/** Whether a key of another year opens the content. Then the hour, which is in clear and names the key, was changed. */
function opensInAnotherYear(item: Item, { years }: SubjectKeys): boolean {
  return [...years.values()].some((keys) => readContent(item.values.payload, keys, item) !== undefined)
}

function readContent(payload: unknown, keys: YearKeys, at: Key): SealedContent | undefined {
  const content = payload instanceof Uint8Array ? openOrNothing(payload, keys.proof.seal, at) : undefined
  return isSealedContent(content) ? content : undefined
}

/** `undefined` when it does not open; no sealed JSON value is `undefined`. */
function openOrNothing(sealed: Uint8Array, key: KeyObject, at: Key): unknown {
  try {
    return openPayload(sealed, key, at)
  } catch {
    return undefined
  }
}

function openedEvent(content: SealedContent, leaf: string, item: Item, keys: YearKeys): OpenedEvent {
  let context: EventContext | 'closed' | undefined
  let disclosures: Map<string, string> | undefined
  const contextOrClosed = () => {
    context ??= openContext(item, keys)
    return context
  }
  const event: RecordedEvent = {
    ...content,
    get context() {
      const opened = contextOrClosed()
      return opened === 'closed' ? {} : opened
    },
  }
  return {
    event,
    key: { pk: item.pk, sk: item.sk },
    leaf,
    get disclosures() {
      disclosures ??= disclose(event, contextOrClosed() === 'closed' ? { proof: keys.proof } : keys)
      return disclosures
    },
  }
}

/** `{}` when the event had no context; `closed` when it has one that does not open. */
function openContext(item: Item, keys: YearKeys): EventContext | 'closed' {
  const { context: sealed } = item.values
  if (keys.context === undefined) return 'closed'
  if (sealed === undefined) return {}
  const context = sealed instanceof Uint8Array ? openOrNothing(sealed, keys.context.seal, item) : undefined
  return isEventContext(context) ? context : 'closed'
}

/** The year of an instant (RFC 3339), which decides the keys that seal it. */
export function yearOf(at: string): number {
  return Number(at.slice(0, 4))
}

export const yearOfItem = ({ values: { hour } }: Item): number => yearOf(String(hour))

/** The last instant at which a stored item whose content is closed may have been recorded. */
export const lastInstantOf = ({ values: { hour } }: Item): string => `${hour}:59:59.999Z`

function disclose(event: RecordedEvent, keys: YearKeys): Map<string, string> {
  const disclosures = new Map<string, string>()
  for (const claim of claimsOf(event)) {
    const salting = claim.name === 'field:context' ? keys.context : keys.proof
    if (salting) disclosures.set(claim.name, makeDisclosure(event.eventId, claim, salting.salt))
  }
  return disclosures
}

export function yearKeys(subject: SubjectKeys, year: number): YearKeys {
  const keys = keysOfYear(subject, year)
  if (keys === undefined) throw keysUnreadable()
  return keys
}
