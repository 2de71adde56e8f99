/**
 * Recording: DESIGN section 3, "Events", and section 4, "Writing". Two calls for an event: the subject's keys, then one insert.
 * The insert is the whole write: before it nothing is stored, after it everything is. A client that never saw our answer sends
 * the same event again and gets the first answer again.
 */
import { timingSafeEqual } from 'node:crypto'
import canonicalize from 'canonicalize'
import {
  type Assurance,
  type ClientEvent,
  type EventContext,
  type EventHow,
  type Identity,
  operatorVerbs,
  type PolicyLink,
  type RecordedDecision,
  type RecordedEvent,
  type ShownByReference,
  targetId,
} from '../consent/event.ts'
import { truncateIpAddress } from '../consent/ip-address.ts'
import { type Evidence, type InForce, linkPolicy, type NoticeClaims } from '../consent/link.ts'
import { inForce, type Presentation, statedInForce } from '../consent/policy.ts'
import { judgeTimes } from '../consent/times.ts'
import { LedgerError } from '../errors.ts'
import { type ControllerBook, policyFor } from './controllers.ts'
import { hmac } from './keys.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { bindingOf, openNoticeToken } from './notice-token.ts'
import { type OpenedEvent, openEvent, sealEvent, yearOf } from './sealed-event.ts'
import { type Item, insertOne } from './store.ts'
import { type SubjectKeys, subjectKeysForReading, subjectKeysForWriting, vaultKey } from './vault.ts'

/** An event and what its credentials and its transport say; `identity` is normalised. */
export interface Submission {
  readonly event: ClientEvent
  readonly identity: Identity
  readonly assurance: Assurance
  /** The client has never sent this subject before: saves a call when true, costs one when not. */
  readonly announcedNew: boolean
  readonly site: string
  readonly ipAddress?: string
  readonly userAgent?: string
}

export type Outcome =
  | { readonly outcome: 'recorded' | 'replayed'; readonly opened: OpenedEvent }
  | { readonly outcome: 'refused'; readonly error: LedgerError }

export interface Recording {
  /** In the order of the submissions. */
  readonly outcomes: readonly Outcome[]
  /** What was known of the controller when they were recorded. */
  readonly book: ControllerBook
}

/** Records each submission by itself: one that is refused takes nothing from the others. */
export async function recordEvents(
  ledger: Ledger,
  book: ControllerBook,
  submissions: readonly Submission[],
): Promise<Recording> {
  const known = await bookFor(ledger, book, submissions)
  const subjects = new Map<string, Promise<SubjectKeys>>()
  const outcomes = await Promise.all(
    submissions.map(async (submission): Promise<Outcome> => {
      try {
        checkTargets(known, submission)
        return await recordOne(ledger, known, submission, await subjectOf(ledger, known, submission, subjects))
      } catch (error) {
        if (error instanceof LedgerError) return { outcome: 'refused', error }
        throw error
      }
    }),
  )
  return { outcomes, book: known }
}

/** Absence is never cached: when an event names what the book at hand lacks, the book is read again. */
async function bookFor(
  ledger: Ledger,
  book: ControllerBook,
  submissions: readonly Submission[],
): Promise<ControllerBook> {
  const isKnown = submissions.every(({ event }) => knowsAll(book, event))
  return isKnown ? book : ((await ledger.books.fresh(book.controller.controller)) ?? book)
}

function knowsAll(book: ControllerBook, { decisions, shown = [], presentationId }: ClientEvent): boolean {
  return (
    decisions.every((decision) => policyFor(book, decision) !== undefined) &&
    shown.every((reference) => reference.policyId === undefined || knowsShown(book, reference)) &&
    (presentationId === undefined || presentationOf(book, presentationId) !== undefined)
  )
}

function knowsShown(book: ControllerBook, { policyId, version, textSha256 }: ShownByReference): boolean {
  const versions = book.policies.get(policyId)?.versions ?? []
  if (textSha256 !== undefined) return versions.some((v) => v.texts.some((t) => t.sha256 === textSha256))
  return versions.some((v) => version === undefined || v.version === version)
}

function presentationOf(book: ControllerBook, presentationId: string): Presentation | undefined {
  for (const { presentations } of book.policies.values()) {
    const found = presentations.find((p) => p.presentationId === presentationId)
    if (found) return found
  }
  return undefined
}

function checkTargets(book: ControllerBook, { event, assurance }: Submission): void {
  const isOperator = assurance !== 'anonymous' && assurance !== 'authenticated'
  event.decisions.forEach((decision, i) => {
    if (policyFor(book, decision) === undefined) {
      const isPurpose = decision.purposeId !== undefined
      throw new LedgerError(
        isPurpose ? 'unknown-purpose' : 'unknown-policy',
        `no version of a policy of this controller ever declared this ${isPurpose ? 'purpose' : 'policy'}`,
        {
          field: `/decisions/${i}/${isPurpose ? 'purposeId' : 'policyId'}`,
          given: decision.purposeId ?? decision.policyId,
          allowed: [...(isPurpose ? book.purposes : book.policies).keys()].sort(),
        },
      )
    }
    if (!isOperator && operatorVerbs.some((verb) => verb === decision.verb)) {
      throw new LedgerError('verb-not-allowed', 'only the operator can say this, with a token', {
        field: `/decisions/${i}/verb`,
        given: decision.verb,
      })
    }
  })
}

/** Events of one request that name the same subject share its keys, and the call for them. */
function subjectOf(
  ledger: Ledger,
  { controller: { controller }, secrets }: ControllerBook,
  { identity, announcedNew }: Submission,
  subjects: Map<string, Promise<SubjectKeys>>,
): Promise<SubjectKeys> {
  const scope = { controller, secrets }
  const name = vaultKey(scope, identity)
  const year = yearOf(timestamp(ledger.clock))
  const keys = subjects.get(name) ?? subjectKeysForWriting(ledger, scope, identity, year, announcedNew)
  subjects.set(name, keys)
  return keys
}

async function recordOne(
  ledger: Ledger,
  book: ControllerBook,
  submission: Submission,
  subject: SubjectKeys,
): Promise<Outcome> {
  const digest = contentDigest(submission.event, subject)
  const event = recordedEvent(book, submission, timestamp(ledger.clock))
  const { item, opened } = sealEvent(event, digest, subject, ledger.random)
  if (await insertOne(ledger.entries, item)) return { outcome: 'recorded', opened }
  return replay(ledger, book, submission, subject, item, digest)
}

/** The key was taken: by this very event (a retry, ours or the client's), or by another content under the same id. */
async function replay(
  ledger: Ledger,
  { controller: { controller }, secrets }: ControllerBook,
  { identity }: Submission,
  subject: SubjectKeys,
  item: Item,
  digest: Buffer,
): Promise<Outcome> {
  const [stored] = await ledger.entries.get([item])
  const first = stored?.values.digest
  if (stored === undefined || !(first instanceof Uint8Array)) {
    throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read; send the event again')
  }
  if (first.length !== digest.length || !timingSafeEqual(first, digest)) {
    throw new LedgerError('event-conflict', 'this eventId was recorded with another content; an event never changes', {
      field: '/eventId',
      allowed: 'the same content again, or a new eventId',
      members: { recordedDigest: Buffer.from(first).toString('base64url'), givenDigest: digest.toString('base64url') },
    })
  }
  const opened =
    openEvent(stored, subject) ??
    openEvent(stored, (await subjectKeysForReading(ledger, { controller, secrets }, identity)) ?? subject)
  if (opened === undefined)
    throw new LedgerError('event-conflict', 'this event was recorded, and has been forgotten since')
  return { outcome: 'replayed', opened }
}

/** HMAC over the content as parsed, without sentAt: a bare hash could be guessed after erasure. */
function contentDigest(event: ClientEvent, subject: SubjectKeys): Buffer {
  const { sentAt: _, ...content } = event
  return hmac(subject.digest, String(canonicalize(content)))
}

/** The event as it is stored for ever: what was sent, and what the ledger adds. Pure but for the keys it opens tokens with. */
function recordedEvent(book: ControllerBook, submission: Submission, recordedAt: string): RecordedEvent {
  const { event, identity, assurance, site } = submission
  const claims = openTokens(book, submission)
  const times = judgeTimes({
    occurredAt: event.occurredAt,
    sentAt: event.sentAt,
    recordedAt,
    asserted: assurance === 'operator' || assurance === 'imported' || assurance === 'confirmed',
    noticeIssuedAt: claims
      .map((c) => c.issuedAt)
      .sort()
      .at(-1),
  })
  const link = links(book, event, times.effectiveAt, claims, assurance === 'imported' ? statedInForce : inForce)
  return {
    eventId: event.eventId,
    site,
    decisions: [...event.decisions, ...derivedFromSignals(book, event, link, times.effectiveAt)],
    times,
    who: {
      actor: event.actor ?? { role: assurance === 'anonymous' || assurance === 'authenticated' ? 'self' : 'operator' },
      assurance,
      ...(event.ageGate && { ageGate: event.ageGate }),
    },
    identity,
    link,
    how: howOf(book, event),
    context: contextOf(book, submission),
  }
}

function openTokens(book: ControllerBook, { event, identity, site }: Submission): NoticeClaims[] {
  const { controller } = book.controller
  const expected = { controller, site, subject: bindingOf(controller, identity) }
  return (event.shown ?? [])
    .map((reference) => reference.noticeToken)
    .filter((token) => token !== undefined)
    .map((token) => openNoticeToken(book.secrets.noticeKey, token, expected))
    .filter((claims) => claims !== undefined)
}

/** A link for each policy that the event decides on or says was shown; a reference to an unknown policy is kept as unmatched. */
function links(
  book: ControllerBook,
  event: ClientEvent,
  effectiveAt: string,
  claims: readonly NoticeClaims[],
  versionInForce: InForce,
): PolicyLink[] {
  const evidence = new Map<string, Evidence>()
  for (const reference of event.shown ?? []) {
    if (reference.policyId !== undefined) evidence.set(reference.policyId, { kind: 'reference', reference })
  }
  for (const claim of claims) evidence.set(claim.policyId, { kind: 'token', claims: claim })
  const decided = event.decisions.map((d) => policyFor(book, d)?.policyId).filter((id) => id !== undefined)
  return [...new Set([...decided, ...evidence.keys()])].map((policyId) => {
    const history = book.policies.get(policyId)
    return history
      ? linkPolicy(history, effectiveAt, evidence.get(policyId), versionInForce)
      : { policyId, grade: 'unmatched' }
  })
}

/** Global Privacy Control is a no to each purpose so marked, in the policies that the event is about, unless it says otherwise. */
function derivedFromSignals(
  book: ControllerBook,
  event: ClientEvent,
  link: readonly PolicyLink[],
  effectiveAt: string,
): RecordedDecision[] {
  if (!event.signals?.gpc) return []
  const said = new Set(event.decisions.map(targetId))
  return link
    .map(({ policyId }) => book.policies.get(policyId))
    .filter((history) => history !== undefined)
    .flatMap((history) => inForce(history, effectiveAt)?.purposes ?? [])
    .filter((purpose) => purpose.globalPrivacyControl && !said.has(purpose.purposeId))
    .map(({ purposeId }) => ({ purposeId, verb: 'refused', derivedFrom: 'gpc' }))
}

/** What a published presentation says of its controls counts over what the client says: a yes is never strengthened. */
function howOf(book: ControllerBook, event: ClientEvent): EventHow {
  const { channel, surface, act, control, layer, presentationId, signals, locale } = event
  const presented = presentationId === undefined ? undefined : presentationOf(book, presentationId)
  const initiallyOn =
    presented?.controls.filter((c) => c.initially === 'on').map((c) => [c.purposeId, 'on'] as const) ?? []
  const initialState = { ...event.initialState, ...Object.fromEntries(initiallyOn) }
  return present({
    channel,
    surface,
    act,
    control,
    layer,
    presentationId,
    initialState: Object.keys(initialState).length > 0 ? initialState : undefined,
    signals,
    locale,
  })
}

function contextOf(book: ControllerBook, { event, ipAddress, userAgent }: Submission): EventContext {
  return present({ ipAddress: ipAddress && keptIpAddress(book, ipAddress), userAgent, page: event.page })
}

/** Without the members that are not there, so that an event reads back from its payload exactly as it was made. */
function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}

function keptIpAddress(book: ControllerBook, address: string): string | undefined {
  switch (book.controller.ipAddress) {
    case 'drop':
      return undefined
    case 'keep':
      return address
    case 'truncate':
      return truncateIpAddress(address)
    case 'hash':
      return hmac(book.secrets.pepper, `ip-address-v1 ${address}`).toString('base64url')
  }
}
