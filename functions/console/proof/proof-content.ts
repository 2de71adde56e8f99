/**
 * The parts of a consent proof that a page shows: the question, the answer, the event that decided, the texts. Taken from the file as it is, so on a page
 * that verifies it counts only once every check has passed. All texts are made visible, because a stranger may have written the file.
 */
import type { EventHow, EventTimes, EventWho } from '../../../shared/consent/event.ts'
import type { JointAnswer } from '../../../shared/consent/joint-status.ts'
import type { PolicyVersion } from '../../../shared/consent/policy.ts'
import type { ConsentProof, ProofText } from '../../../shared/consent/proof-file.ts'
import type { StatusAnswer } from '../../../shared/consent/status-answer.ts'
import { decodeBase64Url } from '../../../shared/verify/base64url.ts'
import { visible } from '../verify/visible-text.ts'

/** The purpose or policy that the question is about, as the file's versions have it. */
export interface ProofTopic {
  readonly title: Readonly<Record<string, string>>
  readonly history: { readonly versions: readonly Pick<PolicyVersion, 'policyId' | 'version' | 'notBefore'>[] }
}

/** An event, from what its disclosures open. */
export interface ProofEvent {
  readonly eventId: string
  readonly site: string
  readonly times: EventTimes
  readonly how: EventHow
  readonly who: EventWho
}

export interface ProofContent {
  readonly controller: string
  readonly subject: { readonly type: string; readonly id: string }
  /** A purposeId, or `policy/<policyId>`. */
  readonly target: string
  readonly topic: ProofTopic
  readonly at: string
  readonly knownAt: string
  readonly answer: StatusAnswer
  readonly joint?: JointAnswer
  /** The events that decided. */
  readonly events: readonly ProofEvent[]
  /** Those of the version in force, and of the one that was shown. */
  readonly texts: readonly ProofText[]
  /** Number of recorded entries that the log does not have yet. */
  readonly pending: number
}

export function contentOf(proof: ConsentProof): ProofContent {
  const { question, answer, joint } = proof
  const linked = joint?.subjects ?? []
  const pending = [proof, ...linked.map((each) => each.proof)].map((each) => each.pending?.length ?? 0)
  const decided = [answer, answer.knownThen, ...(joint ? [joint.answer, joint.answer.knownThen] : [])]
  const texts = new Set([answer.inForce, answer.shown])
  return visibleIn({
    controller: question.controller,
    subject: question.subject,
    target: question.purposeId ?? `policy/${question.policyId}`,
    topic: topicOf(proof),
    at: question.at,
    knownAt: question.knownAt,
    answer,
    ...(joint && { joint: joint.answer }),
    events: eventsOf(
      [...proof.events, ...linked.flatMap((each) => each.proof.events)],
      new Set(decided.flatMap(({ decidedBy }) => decidedBy ?? [])),
    ),
    texts: proof.texts.filter(({ version }) => texts.has(version)),
    pending: pending.reduce((sum, each) => sum + each, 0),
  })
}

function topicOf({ question, versions }: ConsentProof): ProofTopic {
  const byDate = versions.map(({ version }) => version).toSorted((a, b) => (a.notBefore < b.notBefore ? -1 : 1))
  const titles = byDate.flatMap(({ title, purposes }) =>
    question.purposeId === undefined ? [title] : purposes.filter(isAsked).map((purpose) => purpose.title),
  )
  return { title: titles.at(-1) ?? {}, history: { versions: byDate.map(named) } }

  function isAsked({ purposeId }: { readonly purposeId: string }): boolean {
    return purposeId === question.purposeId
  }
}

const named = ({ policyId, version, notBefore }: PolicyVersion) => ({ policyId, version, notBefore })

/** The events of those ids, from what their disclosures open. */
function eventsOf(events: ConsentProof['events'], wanted: ReadonlySet<string>): readonly ProofEvent[] {
  return events.flatMap(({ disclosures }) => {
    const claims = new Map(disclosures.map(claimIn))
    const { eventId, ...times } = claims.get('field:times') ?? {}
    if (!wanted.has(eventId)) return []
    const { site = '', ...how } = claims.get('field:how') ?? {}
    return [{ eventId, site, times, how, who: claims.get('field:who') }]
  })
}

/** RFC 9901: base64url of the JSON array [salt, name, value]. The value has the form of its claim, as the verifier checks. */
// biome-ignore lint/suspicious/noExplicitAny: the value of any claim
function claimIn(disclosure: string): readonly [name: string, value: any] {
  const [, name, value] = JSON.parse(new TextDecoder().decode(decodeBase64Url(disclosure)))
  return [name, value]
}

/** The value with every text in it made visible; names of members too, such as the locales of a title. */
function visibleIn<T>(value: T): T
function visibleIn(value: unknown): unknown {
  if (typeof value === 'string') return visible(value)
  if (Array.isArray(value)) return value.map((each) => visibleIn(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [visible(name), visibleIn(member)]))
}
