/**
 * Assembles `consent-proof@1` (`consent/proof-file.ts`): the question, the answer, and everything that a verifier needs to reach the same
 * answer by itself, each part with the proof that it is in the log. Entries that the log lacks are named as pending and not counted.
 *
 * For every event the claims covers, times and who are disclosed; for events on the question also the decision, link, how and identity.
 * Context and other decisions stay closed, and so do the identifier of a linked subject and who recorded a mandate.
 */

import { jointStatusOf, type Member } from '../../consent/joint-status.ts'
import { type Backdatable, historyKnownAt, type PolicyHistory } from '../../consent/policy.ts'
import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import type { Backdating, ConsentProof, Logged, ProofOfOne } from '../../consent/proof-file.ts'
import { withoutPending } from '../../consent/sentence.ts'
import { statusOf } from '../../consent/status.ts'
import { encodeBase64 } from '../../tlog/encoding.ts'
import { expiredAmong } from '../answers/answers-for-subject.ts'
import { readTextsForProof } from '../controllers/published-texts.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import type { OpenedLinkAct } from '../links/link-entries.ts'
import { checkpointAt, type LogClock, logClock } from '../log/log-clock.ts'
import { originOf, timeLeaf } from '../log/log-items.ts'
import { type LogPosition, type LogView, viewLog } from '../log/log-view.ts'
import {
  contradictionOf,
  isLaterHour,
  type LateEvidence,
  type TimeContradiction,
  withinHour,
} from '../log/time-contradictions.ts'
import { PendingList } from './pending-entries.ts'
import { completionsIn } from './proof-completions.ts'
import { disclosuresFor } from './proof-disclosures.ts'
import { mandatesFrom, withMandate } from './proof-mandates.ts'
import { decidesOn, type ProofRow, type ProofRows } from './proof-rows.ts'
import { expiredEvents, unreadableParts } from './proof-unopened.ts'

/** A record that the log has, with the time from which it counts as known. */
interface LoggedRecord<T> extends LogPosition {
  readonly of: T
  readonly leaf: string
  readonly knownFrom: string
  readonly contradiction?: TimeContradiction
}

/** RFC 3339. `at`: the instant asked about; `knownAt`: the answer is as known then. */
export interface ProofInstants {
  readonly at: string
  readonly knownAt?: string
}

/**
 * Assembles the proof against the newest checkpoint. Without `knownAt`, and for one later than that checkpoint covers, the answer is as known
 * by the checkpoint.
 *
 * @throws `log-damaged` when a row, an index row or a tile is not what the checkpoint commits to; `not-found` when the controller has no
 * log yet; `unavailable` when a text cannot be read
 */
export async function assembleProof(ledger: Ledger, rows: ProofRows, instants: ProofInstants): Promise<ConsentProof> {
  const { proof, folded, links } = await assembleProofOfOne(ledger, rows, instants)
  if (links.length === 0) return proof
  const { at, knownAt } = proof.question
  const others = await Promise.all(
    links.map(async ({ linkId, here, there, of }) => {
      const its = await assembleProofOfOne(ledger, of, { at, knownAt })
      return { linkId, folded: its.folded, linked: { linkId, here, there, proof: its.proof } }
    }),
  )
  const members = [folded.member, ...others.map((one) => ({ ...one.folded.member, linkId: one.linkId }))]
  const history = withPresentationsOf(
    folded.history,
    others.map((one) => one.folded.history),
  )
  const answer = jointStatusOf({ ...rows.topic, at, knownAt }, members, history)
  return { ...proof, joint: { answer, subjects: others.map(({ linked }) => linked) } }
}

/** A proof about one subject, and what its answer was computed from. */
interface AssembledProof {
  readonly proof: ProofOfOne
  readonly folded: { readonly member: Member; readonly history: PolicyHistory }
  /** The links that the log has on both sides. */
  readonly links: readonly {
    readonly linkId: string
    readonly here: LoggedSide
    readonly there: LoggedSide
    readonly of: ProofRows
  }[]
}

type LoggedSide = Logged & { readonly disclosures: readonly string[] }

async function assembleProofOfOne(ledger: Ledger, rows: ProofRows, instants: ProofInstants): Promise<AssembledProof> {
  const { controller, topic } = rows
  // Read after the rows, so that each row is in this checkpoint or pending.
  const view = await viewLog(ledger, controller, instants.knownAt)
  const askedKnownAt = instants.knownAt ?? timestamp(ledger.clock)
  const pending = new PendingList(timestamp(ledger.clock), instants.knownAt)
  // Its key shares a call with the positions, which `loggedRecords` asks for in the same turn.
  const readClock = logClock(ledger, controller, view, rows.setBacks)
  async function judge<T>(fact: LoggedRecord<T>, by: LogClock, isOutOfOrder = false): Promise<LoggedRecord<T>> {
    const contradiction = await contradictionOf(ledger, controller, fact.knownFrom, fact, by, isOutOfOrder)
    return contradiction ? { ...fact, knownFrom: contradiction.knownFrom, contradiction } : fact
  }

  async function loggedRecords<T>(gathered: readonly ProofRow<T>[]): Promise<LoggedRecord<T>[]> {
    const [positions, clock] = await Promise.all([view.positionsOf(gathered.map(({ key }) => key)), readClock])
    const records = await Promise.all(
      gathered.map(async ({ of, leaf, statedAt, name }, i): Promise<LoggedRecord<T> | undefined> => {
        const position = positions[i]
        if (position === undefined) {
          pending.add(name, leaf, statedAt)
          return undefined
        }
        return judge({ of, leaf, ...position, knownFrom: statedAt }, clock)
      }),
    )
    return records.filter((record) => record !== undefined)
  }

  const judged = await Promise.all([
    loggedRecords(rows.events),
    loggedRecords(rows.versions),
    loggedRecords(rows.retractions),
    loggedRecords(rows.presentations),
    loggedRecords(rows.links.flatMap(({ here, there }) => [here, there])),
    loggedRecords(rows.mandates),
  ])
  const clock = await readClock
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
  const integrated = await Promise.all([
    recheck(judged[0]),
    recheck(judged[1]),
    recheck(judged[2]),
    recheck(judged[3]),
    recheck(judged[4]),
    recheck(judged[5]),
  ])
  const { at } = instants
  const covered = coveredBy(view, integrated.flat())
  const knownAt = instants.knownAt === undefined || instants.knownAt > covered ? covered : instants.knownAt
  const isKnown = (fact: { readonly knownFrom: string }) => fact.knownFrom <= knownAt
  const recorded = integrated[0].filter(isKnown)
  const versions = integrated[1].filter(isKnown)
  const retractions = integrated[2].filter(isKnown)
  const presented = integrated[3].filter(isKnown)
  const sides = integrated[4].filter(isKnown)
  const mandated = integrated[5].filter(isKnown)
  const mandates = mandatesFrom(mandated.map(withKnownFrom))
  const history: PolicyHistory = {
    policyId: rows.policyId,
    versions: versions.map(withKnownFrom),
    retractions: retractions.map(withKnownFrom),
    presentations: presented.map(withKnownFrom),
  }
  const question = { ...topic, at, knownAt }
  const expired = await expiredEvents(view, rows.closed, knownAt, pending)
  const { unreadable } = rows
  const unopened = { ...expiredAmong(expired.map(({ item }) => item)), unreadable }
  const events = recorded.map((fact) => withMandate(withKnownFrom(fact), mandates))
  const answer = withoutPending(statusOf(question, events, history, unopened), pending.entries.length)
  const covering = recorded.filter(({ of }) => decidesOn(of, topic))
  const facts = [...recorded, ...versions, ...retractions, ...presented, ...sides, ...mandated]
  const logged = await loggedBy(view, facts)
  const isBeyond = askedKnownAt > knownAt && (instants.knownAt !== undefined || pending.entries.length > 0)
  const knownAtCheckpoint = await prefixAt(ledger, controller, view, Date.parse(knownAt), clock)
  const proof: ProofOfOne = {
    format: 'consent-proof@1',
    origin: originOf(ledger.host, controller),
    // The form of the identifier that the events have, because the verifier compares them with it.
    question: { controller, subject: rows.identity, ...question, ...(isBeyond && { askedKnownAt }) },
    answer,
    limits: {
      completeness: 'not-proven',
      provisional: Date.parse(knownAt) > (view.seconds - promisedDelaySeconds) * 1000,
    },
    ...(pending.entries.length > 0 && { pending: pending.entries }),
    checkpoint: view.note,
    ...(knownAtCheckpoint && { knownAtCheckpoint }),
    ...setBacksFor(clock, facts),
    events: [
      ...recorded.map((fact) => ({ ...logged(fact), disclosures: disclosuresFor(fact.of, topic, rows.identity) })),
      ...expired.map(({ logged }) => logged),
    ],
    versions: versions.map((fact) => ({ ...logged(fact), version: fact.of })),
    retractions: retractions.map((fact) => ({ ...logged(fact), retraction: fact.of })),
    presentations: presented.map((fact) => ({ ...logged(fact), presentation: fact.of })),
    ...(mandated.length > 0 && {
      mandates: mandated.map((fact) => ({ ...logged(fact), disclosures: [...fact.of.disclosures] })),
    }),
    ...(await completionsIn(view, rows.completions, recorded, topic, knownAt)),
    ...(unopened.expiredUntil !== undefined && { expiredUntil: unopened.expiredUntil }),
    ...(unreadable.length > 0 && { unreadable: await unreadableParts(view, unreadable, rows.unreadableRows) }),
    texts: await readTextsForProof(
      ledger,
      historyKnownAt(history, knownAt),
      answer,
      covering.map(({ of }) => of),
      at,
    ),
  }
  const links = rows.links.flatMap(({ linkId, here, there, rows: of }) => {
    const sideOf = (row: ProofRow<OpenedLinkAct>, named: readonly string[]) => {
      const fact = sides.find((each) => each.of === row.of)
      return fact && { ...logged(fact), disclosures: [...fact.of.disclosures, ...named] }
    }
    // The linked subject stays unnamed.
    const [one, other] = [sideOf(here, here.of.identity ? [here.of.identity] : []), sideOf(there, [])]
    return one && other ? [{ linkId, here: one, there: other, of }] : []
  })
  return { proof, folded: { member: { events, unopened }, history }, links }
}

/** Events of each subject may name other presentations. */
function withPresentationsOf(history: PolicyHistory, others: readonly PolicyHistory[]): PolicyHistory {
  const all = [history, ...others].flatMap(({ presentations }) => presentations)
  return { ...history, presentations: [...new Map(all.map((one) => [one.presentationId, one])).values()] }
}

/** The latest time that the checkpoint covers: its own second, or a later time stated in it by a faster clock. */
function coveredBy(view: LogView, facts: readonly { readonly knownFrom: string }[]): string {
  const checkpointAt = new Date(view.seconds * 1000 + 999).toISOString()
  return facts.reduce((latest, { knownFrom }) => (knownFrom > latest ? knownFrom : latest), checkpointAt)
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
): Pick<ProofOfOne, 'setBacks'> {
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
