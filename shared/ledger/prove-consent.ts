/**
 * Assembles `consent-proof@1` (DESIGN section 6): the question, the answer, and everything that a verifier needs to find the same
 * answer by itself, each part with the proof that it is in the log. What the log does not have yet is named as pending, and not counted.
 *
 * Opened for every event are covers, times and who; for events that cover the question also the decision, link, how and identity.
 * Context and other decisions stay closed.
 */

import type { Identity } from '../consent/event.ts'
import { targetId } from '../consent/event.ts'
import { type Backdatable, historyKnownAt, type PolicyHistory } from '../consent/policy.ts'
import { type Backdating, type ConsentProof, type Logged, promisedDelaySeconds } from '../consent/proof-file.ts'
import { presentationLeaf, retractionLeaf, versionLeaf } from '../consent/published-leaf.ts'
import { withoutPending } from '../consent/sentence.ts'
import { statusOf } from '../consent/status.ts'
import { encodeBase64 } from '../tlog/encoding.ts'
import {
  compareByRecording,
  expiredAmong,
  historyOf,
  storedEvents,
  type Topic,
  unreadableIn,
} from './answers-for-subject.ts'
import { type ControllerSnapshot, policyPk } from './controller-snapshots.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { checkpointAt, type LogClock, logClock } from './log/log-clock.ts'
import { originOf, timeLeaf } from './log/log-items.ts'
import { type LogPosition, type LogView, viewLog } from './log/log-view.ts'
import {
  contradictionOf,
  isLaterHour,
  type LateEvidence,
  type TimeContradiction,
  withinHour,
} from './log/time-contradictions.ts'
import { PendingList, type PendingName } from './pending-entries.ts'
import { readTextsForProof } from './proof-texts.ts'
import { expiredEvents, unreadableParts } from './proof-unopened.ts'
import { type OpenedEvent, receiptIdOf } from './sealed-event.ts'
import type { Key } from './store.ts'

/** Something that the log has, at its index, with the time from which it counts as known. */
interface LoggedRecord<T> extends LogPosition {
  readonly of: T
  readonly leaf: string
  readonly knownFrom: string
  readonly contradiction?: TimeContradiction
}

/** Without `knownAt`, and for one that is later than what the newest checkpoint covers: as known by that checkpoint. */
export async function proveConsent(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  asked: Identity,
  topic: Topic,
  instants: { readonly at: string; readonly knownAt?: string },
): Promise<ConsentProof> {
  const { controller } = snapshot.controller
  const read = await storedEvents(ledger, snapshot, asked)
  const events = read.opened.sort(compareByRecording)
  const published = await historyOf(ledger, snapshot, topic)
  // After the reads: what they found is in this checkpoint, or pending.
  const view = await viewLog(ledger, controller)
  const askedKnownAt = instants.knownAt ?? timestamp(ledger.clock)
  const pending = new PendingList(timestamp(ledger.clock), instants.knownAt)
  const clock = await logClock(ledger, controller, view)
  async function judge<T>(fact: LoggedRecord<T>, by: LogClock, isOutOfOrder = false): Promise<LoggedRecord<T>> {
    const contradiction = await contradictionOf(ledger, controller, fact.knownFrom, fact, by, isOutOfOrder)
    return contradiction ? { ...fact, knownFrom: contradiction.knownFrom, contradiction } : fact
  }

  async function factsOf<T>(all: readonly T[], describe: (one: T) => Description): Promise<LoggedRecord<T>[]> {
    const described = all.map(describe)
    const places = await view.positionsOf(described.map(({ key }) => key))
    const facts = await Promise.all(
      all.map(async (of, i): Promise<LoggedRecord<T> | undefined> => {
        const { leaf, statedAt, name } = described[i] as Description
        const place = places[i]
        if (place === undefined) {
          pending.add(name, leaf, statedAt)
          return undefined
        }
        return judge({ of, leaf, ...place, knownFrom: statedAt }, clock)
      }),
    )
    return facts.filter((fact) => fact !== undefined)
  }

  const pk = policyPk(controller, published.policyId)
  const presentedIds = new Set(events.filter((e) => covers(e, topic)).map(({ event }) => event.how.presentationId))
  const judged = await Promise.all([
    factsOf(events, ({ key, leaf, event }) => ({
      key,
      leaf,
      statedAt: event.times.recordedAt,
      name: { kind: 'event', receiptId: receiptIdOf(key) },
    })),
    factsOf(published.versions, (v) => entry(pk, 'version', v.version, versionLeaf(v), v.publishedAt)),
    factsOf(published.retractions, (r) =>
      entry(pk, 'retraction', r.version, retractionLeaf(published.policyId, r), r.retractedAt),
    ),
    factsOf(
      published.presentations.filter(({ presentationId }) => presentedIds.has(presentationId)),
      (p) => entry(pk, 'presentation', p.presentationId, presentationLeaf(p), p.publishedAt),
    ),
  ])
  const found = judged.flat()
  const noted = found.flatMap(({ contradiction }) => {
    const { has, late } = contradiction ?? {}
    return [has, late?.lacks].filter((checkpoint) => checkpoint !== undefined)
  })
  const outOfOrder = outOfOrderAmong(found)
  /** What one fact shows of another: nothing, unless a clock was wrong or the log late. */
  const recheck = <T>(facts: readonly LoggedRecord<T>[]): Promise<LoggedRecord<T>[]> =>
    Promise.all(
      facts.map(async (fact) => {
        const isInDoubt = !fact.contradiction && (noted.length > 0 || outOfOrder.has(fact))
        return isInDoubt ? judge(fact, { ...clock, noted }, outOfOrder.has(fact)) : fact
      }),
    )
  const integrated = await Promise.all([recheck(judged[0]), recheck(judged[1]), recheck(judged[2]), recheck(judged[3])])
  const { at } = instants
  const covered = coveredBy(view, integrated.flat())
  const knownAt = instants.knownAt === undefined || instants.knownAt > covered ? covered : instants.knownAt
  const isKnown = (fact: { readonly knownFrom: string }) => fact.knownFrom <= knownAt
  const recorded = integrated[0].filter(isKnown)
  const versions = integrated[1].filter(isKnown)
  const retractions = integrated[2].filter(isKnown)
  const presented = integrated[3].filter(isKnown)
  const history: PolicyHistory = {
    policyId: published.policyId,
    versions: versions.map(withKnownFrom),
    retractions: retractions.map(withKnownFrom),
    presentations: presented.map(withKnownFrom),
  }
  const question = { ...topic, at, knownAt }
  const expired = await expiredEvents(view, read.closed, knownAt, pending)
  const unreadable = [...read.unreadable, ...unreadableIn(published)]
  const unopened = { ...expiredAmong(expired.map(({ item }) => item)), unreadable }
  const answer = withoutPending(
    statusOf(question, recorded.map(withKnownFrom), history, unopened),
    pending.entries.length,
  )
  const covering = recorded.filter(({ of }) => covers(of, topic))
  const logged = await loggedBy(view, [...recorded, ...versions, ...retractions, ...presented])
  const isBeyond = askedKnownAt > knownAt && (instants.knownAt !== undefined || pending.entries.length > 0)
  const knownAtCheckpoint = await prefixAt(ledger, controller, view, Date.parse(knownAt), clock)
  return {
    format: 'consent-proof@1',
    origin: originOf(ledger.host, controller),
    // The form of the identifier that the events have, because the verifier compares them with it.
    question: { controller, subject: read.identity, ...question, ...(isBeyond && { askedKnownAt }) },
    answer,
    limits: {
      completeness: 'not-proven',
      provisional: Date.parse(knownAt) > (view.seconds - promisedDelaySeconds) * 1000,
    },
    ...(pending.entries.length > 0 && { pending: pending.entries }),
    checkpoint: view.note,
    ...(knownAtCheckpoint && { knownAtCheckpoint }),
    ...setBacksFor(clock, [...recorded, ...versions, ...retractions, ...presented]),
    events: [
      ...recorded.map((fact) => ({ ...logged(fact), disclosures: disclosuresFor(fact.of, topic) })),
      ...expired.map(({ logged }) => logged),
    ],
    versions: versions.map((fact) => ({ ...logged(fact), version: fact.of })),
    retractions: retractions.map((fact) => ({ ...logged(fact), retraction: fact.of })),
    presentations: presented.map((fact) => ({ ...logged(fact), presentation: fact.of })),
    ...(unopened.expiredUntil !== undefined && { expiredUntil: unopened.expiredUntil }),
    ...(unreadable.length > 0 && { unreadable: await unreadableParts(view, unreadable, read.unreadableRows) }),
    texts: await readTextsForProof(
      ledger,
      historyKnownAt(history, knownAt),
      answer,
      covering.map(({ of }) => of),
      at,
    ),
  }
}

/** All of what the checkpoint has, also when the clocks that stamped it are ahead of the witness's, which tells no milliseconds. */
function coveredBy(view: LogView, facts: readonly { readonly knownFrom: string }[]): string {
  const checkpointAt = new Date(view.seconds * 1000 + 999).toISOString()
  return facts.reduce((latest, { knownFrom }) => (knownFrom > latest ? knownFrom : latest), checkpointAt)
}

interface Description {
  readonly key: Key
  readonly leaf: string
  readonly statedAt: string
  readonly name: PendingName
}

const skPrefixes = { version: 'version#', retraction: 'retracted#', presentation: 'presentation#' } as const

function entry(pk: string, kind: keyof typeof skPrefixes, name: string, leaf: string, statedAt: string): Description {
  return { key: { pk, sk: skPrefixes[kind] + name }, leaf, statedAt, name: { kind, name } }
}

/** Those with a leaf before them in the log that states a later hour: another fact, or the `time` leaf that shows one to be late. */
function outOfOrderAmong(facts: readonly LoggedRecord<unknown>[]): ReadonlySet<LoggedRecord<unknown>> {
  const found = new Set<LoggedRecord<unknown>>()
  let latest: string | undefined
  const hours = facts.flatMap(({ contradiction }) => {
    const time = contradiction?.late?.time
    return time ? [{ index: time.index, knownFrom: withinHour(time.hour) }] : []
  })
  for (const fact of [...facts, ...hours].toSorted((a, b) => a.index - b.index)) {
    if ('of' in fact && latest !== undefined && isLaterHour(latest, fact.knownFrom)) found.add(fact)
    if (latest === undefined || fact.knownFrom > latest) latest = fact.knownFrom
  }
  return found
}

/** The fact as the fold takes it: an honest one is known from the time that it states. */
function withKnownFrom<T>({ of, knownFrom, contradiction }: LoggedRecord<T>): T & Backdatable {
  return { ...of, ...(contradiction && { knownFrom }) }
}

/** The checkpoints that correct the times of those which first have the facts. */
function setBacksFor(
  { afterSetBacks }: LogClock,
  facts: readonly LoggedRecord<unknown>[],
): Pick<ConsentProof, 'setBacks'> {
  const first = Math.min(...facts.map(({ index }) => index))
  const setBacks = afterSetBacks.filter(({ size }) => size > first).map(({ note }) => note)
  return setBacks.length === 0 ? {} : { setBacks }
}

/** Proves all facts, and the `time` leaves that show some to be late, in one go. */
async function loggedBy(
  view: LogView,
  facts: readonly LoggedRecord<unknown>[],
): Promise<(fact: LoggedRecord<unknown>) => Logged> {
  const times = facts.flatMap(({ contradiction }) => contradiction?.late?.time ?? [])
  const leaves = [...facts, ...times.map(({ hour, index }) => ({ index, leaf: timeLeaf(hour) }))]
  const proofs = await view.proofs(leaves)
  const byIndex = new Map(leaves.map(({ index }, i) => [index, proofs[i] ?? '']))
  const proofOf = (index: number) => byIndex.get(index) ?? ''
  const backdating = ({ lacks, time }: LateEvidence, has: TimeContradiction['has']): Backdating => ({
    ...(lacks && { lacks: lacks.note }),
    ...(time && { time: { leaf: timeLeaf(time.hour), tlogProof: proofOf(time.index) } }),
    has: has.note,
  })
  const marked = ({ late, has }: TimeContradiction): Pick<Logged, 'backdated' | 'postdated'> =>
    late ? { backdated: backdating(late, has) } : { postdated: { has: has.note } }
  return ({ leaf, index, contradiction }) => ({
    leaf,
    tlogProof: proofOf(index),
    ...(contradiction && marked(contradiction)),
  })
}

/** The newest checkpoint made by then, when it is not the view's own. */
async function prefixAt(ledger: Ledger, controller: string, view: LogView, knownAtMs: number, clock: LogClock) {
  if (view.seconds * 1000 <= knownAtMs) return undefined
  const then = await checkpointAt(ledger, controller, knownAtMs, view, clock)
  if (then === undefined) return undefined
  return { checkpoint: then.note, consistency: (await view.consistency(then)).map(encodeBase64) }
}

function covers({ event }: OpenedEvent, topic: Topic): boolean {
  return event.decisions.some((decision) => targetId(decision) === targetId(topic))
}

function disclosuresFor(opened: OpenedEvent, topic: Topic): string[] {
  const always = ['field:covers', 'field:times', 'field:who']
  const whenCovered = ['field:link', 'field:how', 'field:identity', `decision:${targetId(topic)}`]
  const names = covers(opened, topic) ? [...always, ...whenCovered] : always
  return names.map((name) => opened.disclosures.get(name)).filter((disclosure) => disclosure !== undefined)
}
