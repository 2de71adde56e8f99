/**
 * Everything that the ledger has about one person, for that person: the file format `consent-own-record@1`. It is made page by page, so that
 * it has a bound: the first page has the present state and all that is not an event, and each page has its events, their receipts and the texts
 * that were shown for them. What is not in the file is named in `leftOut`, with the reason.
 *
 * A page also has the form of an answer with receipts, so `consent-ledger verify` checks it as it is.
 */
import type { Identity } from '../../consent/event.ts'
import type { Localised } from '../../consent/policy.ts'
import type { Receipt } from '../../consent/receipt-file.ts'
import type { LinkAct } from '../../consent/subject-links.ts'
import { type ReadAbout, readsAbout } from '../auditors/list-reads.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { readPublishedText } from '../controllers/published-texts.ts'
import { type OwnErasureRequest, ownErasureRequests } from '../erasure/own-erasure-requests.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { linkActsOf } from '../links/link-entries.ts'
import { mandatesOf } from '../mandates/mandate-entries.ts'
import type { ListedMandate } from '../mandates/mandates-of-events.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { allTopics, type EventsRead, readEvents, type UnreadableNames } from './answers-for-subject.ts'
import { eventPage } from './event-pages.ts'
import { type AnswersWithJoint, statusesWithJoint } from './joint-answers.ts'
import { type HistoryEvent, type HistoryPage, historyPage, type ShownText } from './own-history.ts'
import { receiptsOf } from './own-receipts.ts'

/** Why something is not in the file. */
export type LeftOut =
  | { readonly what: 'linked-subjects'; readonly why: 'record-of-its-own'; readonly count: number }
  | { readonly what: 'events'; readonly why: 'evidence-term-passed'; readonly count: number; readonly until?: string }
  | { readonly what: 'events'; readonly why: 'unreadable'; readonly count: number }
  | { readonly what: 'contexts'; readonly why: 'term-passed'; readonly count: number }
  | { readonly what: 'text'; readonly why: 'too-large' | 'not-found'; readonly sha256: string; readonly path: string }
  | { readonly what: 'reads'; readonly why: 'too-many'; readonly after: string }
  | { readonly what: 'readers'; readonly why: 'data-of-others' }
  | { readonly what: 'other-systems'; readonly why: 'not-in-this-ledger' }

/** A link of the person with another of their identities, or one that has ended. It does not say with whom. */
export interface OwnLink {
  readonly linkId: string
  readonly linkedAt: string
  readonly endedAt?: string
  readonly shown?: NonNullable<LinkAct['shown']>
  readonly ground?: string
}

/** What the first page has in addition. */
export interface FirstPage {
  readonly state: AnswersWithJoint & { readonly at: string }
  /** Who read about the person, newest first. */
  readonly reads: readonly ReadAbout[]
  readonly links: readonly OwnLink[]
  readonly mandates: readonly ListedMandate[]
  /** The person's requests to be erased. */
  readonly erasureRequests: readonly OwnErasureRequest[]
}

export interface OwnRecord extends UnreadableNames, Partial<FirstPage> {
  readonly format: 'consent-own-record@1'
  readonly madeAt: string
  readonly controller: { readonly controller: string; readonly name: string; readonly contact: string }
  /** The person, as the ledger knows them. */
  readonly subject: Identity
  readonly events: readonly HistoryEvent[]
  readonly receipts: readonly Receipt[]
  /** Each text once; without `text` where `leftOut` says why. */
  readonly texts: readonly (ShownText & { readonly text?: string })[]
  /** Titles of the purposes and policies that the file names. */
  readonly titles: Readonly<Record<string, Localised>>
  readonly leftOut: readonly LeftOut[]
  readonly next?: string
}

const eventsInPage = 50
const readsInPage = 100
const maxReadPages = 10
/** Bound on the texts of a page together. */
const maxTextCharacters = 1_000_000

export interface RecordOptions {
  /** The `next` of the page before; `undefined` for the first page. */
  readonly after: string | undefined
  /** Whether an account proved itself: a device's secret alone shows nothing that a linked account chose. */
  readonly isSignedIn: boolean
}

export async function ownRecord(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  { after, isSignedIn }: RecordOptions,
): Promise<OwnRecord> {
  const madeAt = timestamp(ledger.clock)
  const read = await readEvents(ledger, snapshot, identity, madeAt)
  const options = { limit: eventsInPage, after }
  const [history, receipts, first] = await Promise.all([
    historyPage(ledger, snapshot, read, options),
    receiptsOf(ledger, snapshot, read.subject, eventPage(read.opened, options).events),
    after === undefined ? firstPage(ledger, snapshot, identity, read, { at: madeAt, isSignedIn }) : undefined,
  ])
  const { texts, missing } = await withTexts(ledger, history.texts)
  const { controller, name, contact } = snapshot.controller
  const { events, unreadable, next } = history
  return {
    format: 'consent-own-record@1',
    madeAt,
    controller: { controller, name, contact },
    subject: read.identity,
    ...first?.page,
    ...{ events, receipts, texts },
    titles: titlesOf(snapshot),
    leftOut: [...(first?.leftOut ?? []), ...leftOutOf(history, after === undefined), ...missing],
    ...(unreadable && { unreadable }),
    ...(next !== undefined && { next }),
  }
}

async function firstPage(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  read: EventsRead,
  { at, isSignedIn }: { readonly at: string; readonly isSignedIn: boolean },
): Promise<{ readonly page: FirstPage; readonly leftOut: readonly LeftOut[] }> {
  const { subject: keys } = read
  const instants = { at, knownAt: at, askedAt: at }
  const [state, { reads, next }, acts, mandates, erasureRequests] = await Promise.all([
    statusesWithJoint(ledger, snapshot, read, allTopics(snapshot), instants),
    readsOf(ledger, snapshot, identity),
    keys ? linkActsOf(ledger.entries, keys) : [],
    keys ? mandatesOf(ledger.entries, keys) : new Map<string, never>(),
    ownErasureRequests(ledger, vaultScope(snapshot), identity),
  ])
  const { joint, ...alone } = state
  const linked = joint?.links.length ?? 0
  return {
    page: {
      state: { at, ...alone, ...(isSignedIn && joint && { joint }) },
      reads,
      links: linksIn(acts.map(({ act }) => act)),
      mandates: [...mandates.values()].map(({ made, ended }) => ({
        ...made.stated,
        ...(ended && { revokedAt: ended.stated.revokedAt }),
      })),
      erasureRequests,
    },
    leftOut: [
      ...(linked > 0 ? [{ what: 'linked-subjects', why: 'record-of-its-own', count: linked } as const] : []),
      ...(next === undefined ? [] : [{ what: 'reads', why: 'too-many', after: next } as const]),
      { what: 'readers', why: 'data-of-others' },
      { what: 'other-systems', why: 'not-in-this-ledger' },
    ],
  }
}

async function readsOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
): Promise<{ readonly reads: readonly ReadAbout[]; readonly next: string | undefined }> {
  const reads: ReadAbout[] = []
  let next: string | undefined
  for (let pages = 0; pages < maxReadPages; pages++) {
    const page = await readsAbout(ledger, vaultScope(snapshot), identity, { limit: readsInPage, after: next })
    reads.push(...page.reads)
    next = page.next
    if (next === undefined) break
  }
  return { reads: reads.sort((a, b) => (a.readAt < b.readAt ? 1 : -1)), next }
}

/** Links in the order in which they were made, each with its end. */
function linksIn(acts: readonly LinkAct[]): OwnLink[] {
  const ends = new Map(acts.flatMap(({ act, linkId, recordedAt }) => (act === 'unlink' ? [[linkId, recordedAt]] : [])))
  return acts
    .filter(({ act }) => act === 'link')
    .map(({ linkId, recordedAt, shown, ground }) => {
      const endedAt = ends.get(linkId)
      return {
        ...{ linkId, linkedAt: recordedAt },
        ...(endedAt !== undefined && { endedAt }),
        ...(shown && { shown }),
        ...(ground !== undefined && { ground }),
      }
    })
    .sort((a, b) => (a.linkedAt < b.linkedAt ? -1 : 1))
}

/** Adds the texts themselves, while they fit. */
async function withTexts(
  ledger: Ledger,
  shown: readonly ShownText[],
): Promise<{ readonly texts: OwnRecord['texts']; readonly missing: readonly LeftOut[] }> {
  const texts: OwnRecord['texts'][number][] = []
  const missing: LeftOut[] = []
  let characters = 0
  for (const each of shown) {
    const { sha256, path } = each
    const isFull = characters >= maxTextCharacters
    const text = isFull ? undefined : await readPublishedText(ledger, sha256)
    const isTooLarge = isFull || characters + (text?.length ?? 0) > maxTextCharacters
    if (text === undefined || isTooLarge) {
      missing.push({ what: 'text', why: isTooLarge ? 'too-large' : 'not-found', sha256, path })
      texts.push(each)
      continue
    }
    characters += text.length
    texts.push({ ...each, text })
  }
  return { texts, missing }
}

function titlesOf({ purposes, policies }: ControllerSnapshot): Record<string, Localised> {
  const titles: Record<string, Localised> = {}
  for (const [purposeId, { purpose }] of purposes) titles[purposeId] = purpose.title
  for (const [policyId, { versions }] of policies) {
    const newest = versions.toSorted((a, b) => (a.publishedAt < b.publishedAt ? 1 : -1))[0]
    if (newest) titles[`policy/${policyId}`] = newest.title
  }
  return titles
}

function leftOutOf({ events, expired, unreadable = [] }: HistoryPage, isFirst: boolean): LeftOut[] {
  const contexts = events.filter(({ contextExpired }) => contextExpired).length
  const unread = unreadable.reduce((sum, each) => sum + (each.code === 'more-unreadable' ? each.count : 1), 0)
  const leftOut: LeftOut[] = []
  if (contexts > 0) leftOut.push({ what: 'contexts', why: 'term-passed', count: contexts })
  if (!isFirst) return leftOut
  if (expired) {
    const { events: count, until } = expired
    leftOut.push({ what: 'events', why: 'evidence-term-passed', count, ...(until !== undefined && { until }) })
  }
  if (unread > 0) leftOut.push({ what: 'events', why: 'unreadable', count: unread })
  return leftOut
}
