/**
 * A person's own history: their events, newest record first, each with what it counted as when it was recorded, which states it decides now,
 * and the hash by which the text that was shown is found. An event whose key retention has destroyed is only counted.
 */
import type { Completion } from '../../consent/completion.ts'
import type { EventContext, PolicyLink, RecordedEvent } from '../../consent/event.ts'
import { targetId } from '../../consent/event.ts'
import { findVersion } from '../../consent/policy.ts'
import { acknowledgementOf } from '../../consent/receipt.ts'
import type { Receipt } from '../../consent/receipt-file.ts'
import { policyFor } from '../../consent/recording.ts'
import type { Finding } from '../../consent/status-answer.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { completionsOf } from '../fan-out/completions.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import type { ListedMandate } from '../mandates/mandates-of-events.ts'
import { type OpenedEvent, receiptIdOf } from '../recording/sealed-event.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import {
  allTopics,
  type EventsRead,
  expiredAmong,
  type UnreadableNames,
  unreadableMember,
} from './answers-for-subject.ts'
import { eventPage } from './event-pages.ts'
import { statusesFrom, topicsWithHistory } from './statuses-for-subject.ts'

/** The state of a purpose or policy that a decision is the reason for. */
export type DecidedState = Pick<Finding, 'status' | 'reason' | 'endsAt'>

export interface HistoryEvent extends Pick<RecordedEvent, 'eventId' | 'site' | 'times' | 'who' | 'link' | 'how'> {
  readonly receiptId: string
  /** Each with what it counted as at the recording, and `decides` when the present state rests on it. */
  readonly decisions: readonly (Receipt['decisions'][number] & { readonly decides?: DecidedState })[]
  /** IP address, user agent and page; absent when there was none. */
  readonly context?: EventContext
  /** Receivers that were told of it and have reported that they acted. */
  readonly completions?: readonly Completion[]
  /** True when there was a context whose key is destroyed. */
  readonly contextExpired?: true
}

/** A text that was shown for an event of the page. It is public, at `path`. */
export interface ShownText {
  readonly sha256: string
  readonly mediaType: string
  readonly path: string
  /** The versions of which it is the text: as a rule one. */
  readonly of: readonly { readonly policyId: string; readonly version: string; readonly locale: string }[]
}

export interface HistoryPage extends UnreadableNames {
  readonly events: readonly HistoryEvent[]
  /** Each text once, in the order of the events. */
  readonly texts: readonly ShownText[]
  /** Mandates that any of the person's events names. */
  readonly mandates?: readonly ListedMandate[]
  /** Events whose keys retention destroyed; absent when there are none. */
  readonly expired?: { readonly events: number; readonly until?: string }
  readonly next?: string
}

/** @param read the person's events; an unknown person has none, and gets an empty page */
export async function historyPage(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  read: EventsRead,
  options: { readonly limit: number; readonly after?: string | undefined },
): Promise<HistoryPage> {
  const { events, next } = eventPage(read.opened, options)
  const decided = await decidedStates(ledger, snapshot, read)
  const completions = await completionsByReceipt(ledger, snapshot, events)
  const { expired = 0, expiredUntil } = expiredAmong(read.closed)
  return {
    events: events.map((opened) => {
      const reported = completions.get(receiptIdOf(opened.key))
      return { ...historyEvent(snapshot, opened, decided), ...(reported && { completions: reported }) }
    }),
    texts: textsShown(snapshot, events),
    ...(read.mandates && { mandates: read.mandates }),
    ...(expired > 0 && { expired: { events: expired, ...(expiredUntil !== undefined && { until: expiredUntil }) } }),
    ...unreadableMember(read.unreadable),
    ...(next !== undefined && { next }),
  }
}

/** Reports of receivers about these events, by receipt. */
async function completionsByReceipt(
  { entries }: Ledger,
  snapshot: ControllerSnapshot,
  events: readonly OpenedEvent[],
): Promise<ReadonlyMap<string | undefined, readonly Completion[]>> {
  const [first] = events
  if (first === undefined) return new Map()
  const sub = first.key.pk.slice(first.key.pk.indexOf('#') + 1)
  const found = await completionsOf(entries, vaultScope(snapshot), sub)
  return Map.groupBy(
    found.map(({ stated }) => stated),
    ({ receiptId }) => receiptId,
  )
}

/** The present states by the event that decides them and by target. */
async function decidedStates(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  read: EventsRead,
): Promise<ReadonlyMap<string, DecidedState>> {
  const now = timestamp(ledger.clock)
  const topics = await topicsWithHistory(ledger, snapshot, allTopics(snapshot))
  const { consents } = statusesFrom(read, topics, { at: now, knownAt: now })
  return new Map(
    consents.flatMap(({ decidedBy, status, reason, endsAt, ...topic }) =>
      decidedBy === undefined
        ? []
        : [[decidedName(decidedBy, targetId(topic)), { status, reason, ...(endsAt !== undefined && { endsAt }) }]],
    ),
  )
}

const decidedName = (eventId: string, target: string) => `${eventId} ${target}`

function historyEvent(
  snapshot: ControllerSnapshot,
  { key, event, disclosures }: OpenedEvent,
  decided: ReadonlyMap<string, DecidedState>,
): HistoryEvent {
  const { eventId, site, times, who, link, how, context } = event
  const { receiptId, decisions } = acknowledgementOf({ receiptId: receiptIdOf(key), event }, (topic) =>
    policyFor(snapshot, topic),
  )
  return {
    ...{ receiptId, eventId, site, times, who, link, how },
    decisions: decisions.map((decision) => {
      const decides = decided.get(decidedName(eventId, targetId(decision)))
      return { ...decision, ...(decides && { decides }) }
    }),
    ...(Object.keys(context).length > 0 && { context }),
    ...(!disclosures.has('field:context') && { contextExpired: true }),
  }
}

function textsShown(snapshot: ControllerSnapshot, events: readonly OpenedEvent[]): ShownText[] {
  const texts = new Map<string, ShownText & { of: ShownText['of'] }>()
  for (const { policyId, version, text } of events.flatMap(({ event }) => event.link.flatMap(textsOf(snapshot)))) {
    const { sha256, mediaType, locale } = text
    const known = texts.get(sha256) ?? { sha256, mediaType, path: `/v1/texts/${sha256}`, of: [] }
    texts.set(sha256, known)
    if (known.of.some((each) => each.policyId === policyId && each.version === version && each.locale === locale))
      continue
    known.of = [...known.of, { policyId, version, locale }]
  }
  return [...texts.values()]
}

/**
 * The texts that a link may be about: the one in the locale that was shown, or those in all locales when none was stated. None for a version that
 * is only assumed to have been shown.
 */
const textsOf =
  ({ policies }: ControllerSnapshot) =>
  ({ policyId, shown, grade, locale, textSha256 }: PolicyLink) => {
    const history = policies.get(policyId)
    const version = history && shown !== undefined && grade !== 'assumed' ? findVersion(history, shown) : undefined
    const all = version?.texts ?? []
    const named = all.filter((text) => text.sha256 === textSha256 || text.locale === locale)
    const isNamed = textSha256 !== undefined || locale !== undefined
    return (isNamed ? named : all).map((text) => ({ policyId, version: version?.version ?? '', text }))
  }
