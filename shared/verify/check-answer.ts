/** Step `answer`: computes the answer again from the proven events and versions. Also the steps `texts` and `limits`. */
import type { RecordedMandate } from '../consent/mandate.ts'
import { historyKnownAt, inForce, type PolicyHistory } from '../consent/policy.ts'
import { sameValue } from '../consent/policy-versions.ts'
import { promisedDelaySeconds } from '../consent/promised-delay.ts'
import { withoutPending } from '../consent/sentence.ts'
import { statusOf } from '../consent/status.ts'
import type { FoldEvent, StatusAnswer, UnopenedEvents } from '../consent/status-answer.ts'
import { encodeHex } from '../tlog/encoding.ts'
import type { ProvenEvent } from './check-events.ts'
import { targetOf } from './check-events.ts'
import { sha256OfText } from './check-inclusion.ts'
import type { GivenProof } from './forms-proof.ts'
import { type Said, type SaidValue, say } from './say.ts'
import type { SignedCheckpoint } from './signed-checkpoint.ts'
import { fail, inStep, type Log, missing, quote, type RecomputedAnswer } from './verification.ts'

/**
 * `folded` are the events that cover the question, from `foldedEvents`. Files from before December 2026 answer as if unopened events did not
 * exist. That is accepted, because a file with such events never becomes valid.
 */
export function checkAnswer(
  proof: GivenProof,
  folded: readonly FoldEvent[],
  history: PolicyHistory,
  unopened: UnopenedEvents,
  log: Log,
): StatusAnswer {
  const { at, knownAt } = proof.question
  const question = { ...targetOf(proof), at, knownAt }
  const { unreadable, pending = [] } = proof
  const answerAmong = (others: UnopenedEvents) =>
    withoutPending(statusOf(question, folded, history, { ...others, unreadable }), pending.length)
  const withoutExpired = (unopened.expired ?? 0) > 0 ? answerAmong({}) : undefined
  const isOldAnswer = withoutExpired !== undefined && sameValue(withoutExpired, proof.answer)
  const recomputed = isOldAnswer ? withoutExpired : answerAmong(unopened)
  const difference = differingMember(recomputed, proof.answer, '')
  if (difference) {
    fail('answer', 'answer-differs', { difference, sentence: recomputed.sentence })
  }
  log.ok('answer', 'answer-recomputed', { status: recomputed.status })
  return recomputed
}

/**
 * The events that cover the question, as the fold takes them.
 *
 * @param knownFrom an item for each event, in the order of the file; defined where the log contradicts the time that the event states
 * @param mandates those of the file, by mandateId
 */
export function foldedEvents(
  events: readonly ProvenEvent[],
  knownFrom: readonly (string | undefined)[],
  mandates: ReadonlyMap<string, RecordedMandate>,
): readonly FoldEvent[] {
  return events.flatMap(({ eventId, times, who, covering }, i): FoldEvent[] => {
    if (covering === undefined) return []
    const { decision, link, how } = covering
    const from = knownFrom[i]
    const mandate = mandates.get(who.actor.mandateId ?? '')
    return [
      {
        event: { eventId, times, who, link, how, decisions: [decision] },
        ...(from !== undefined && { knownFrom: from }),
        ...(mandate && { mandate }),
      },
    ]
  })
}

/** The first member in which two JSON values differ. */
export function differingMember(expected: unknown, given: unknown, path: string): Said | undefined {
  if (sameValue(expected, given)) return undefined
  if (isObject(expected) && isObject(given)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(given)])) {
      const inner = differingMember(expected[name], given[name], path === '' ? name : `${path}.${name}`)
      if (inner) return inner
    }
  }
  const values = { given: inWords(given), expected: inWords(expected) }
  return path === '' ? say('whole-differs', values) : say('member-differs', { member: path, ...values })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function inWords(value: unknown): SaidValue {
  return value === undefined ? say('absent') : quote(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
}

/** Compares each text with the hash in its version. Returns the text that was shown for the deciding event. */
export function checkTexts(
  proof: GivenProof,
  answer: StatusAnswer,
  events: readonly ProvenEvent[],
  history: PolicyHistory,
  log: Log,
): RecomputedAnswer['shown'] {
  const links = events.flatMap(({ covering }) => covering?.link ?? []).filter((l) => l.policyId === history.policyId)
  const shownLocales = (version: string) => new Set(links.filter((l) => l.shown === version).map((l) => l.locale))
  const textsOf = (version: string) => history.versions.find((v) => v.version === version)?.texts ?? []
  /** Keys of the texts in the file: version, locale and media type; and version and hash. */
  const given = new Set<string>()
  for (const { version, locale, mediaType, sha256, localeShown, text } of proof.texts) {
    const what = say('text-of', { version: quote(version), locale: quote(locale) })
    if (inStep('texts', what, () => encodeHex(sha256OfText(text))) !== sha256)
      fail('texts', 'text-hash-differs', { what })
    if (!textsOf(version).some((t) => t.locale === locale && t.mediaType === mediaType && t.sha256 === sha256))
      fail('texts', 'text-not-of-version', { what })
    if (localeShown && !shownLocales(version).has(locale)) fail('texts', 'text-not-shown', { what })
    if (given.has(`${version} ${locale} ${mediaType}`)) fail('texts', 'text-twice', { what })
    given.add(`${version} ${locale} ${mediaType}`).add(`${version} ${sha256}`)
  }
  const current = inForce(historyKnownAt(history, proof.question.knownAt), proof.question.at)?.version
  for (const version of new Set([answer.shown, current])) {
    if (version === undefined) continue
    const texts = textsOf(version)
    const inLocale = texts.filter((t) => shownLocales(version).has(t.locale))
    const absent = (inLocale.length > 0 ? inLocale : texts).find((t) => !given.has(`${version} ${t.sha256}`))
    if (absent) missing('texts', 'text-absent', { version: quote(version), locale: quote(absent.locale) })
  }
  if (given.size > 0) log.ok('texts', 'texts-match')
  const decider = events.find(({ eventId }) => eventId === answer.decidedBy)
  const locale = decider?.covering?.link.find((l) => l.policyId === history.policyId)?.locale
  const text = proof.texts.find((t) => t.version === answer.shown && t.locale === locale)
  return text && { version: text.version, locale: text.locale, sha256: text.sha256, text: text.text }
}

/** Judges the entries that the ledger states it cannot read. A no stands whatever they hold. With any other status there is no answer. */
export function checkUnreadable(proof: GivenProof, { status }: StatusAnswer, log: Log): void {
  const { unreadable = [] } = proof
  if (unreadable.length === 0) return
  const names = unreadable.map((one) =>
    one.code === 'event-unreadable'
      ? say('event-named', { id: quote(one.receiptId) })
      : one.code === 'publication-unreadable'
        ? quote(one.name)
        : one.code === 'more-unreadable'
          ? say('some-more', { count: one.count })
          : say('subject-keys'),
  )
  const some = [...names.slice(0, 10), ...(names.length > 10 ? ['...'] : [])]
  if (status === 'Undetermined') missing('answer', 'unreadable-may-decide', { names: some })
  log.note('answer', 'unreadable-no-stands', { names: some })
}

/** Notes on what the file cannot show. Fails if the file states wrongly whether what is known may still grow. */
export function checkLimits(proof: GivenProof, checkpoint: SignedCheckpoint, log: Log): void {
  const { limits, question } = proof
  if (checkpoint.seconds === undefined) {
    const { knownAt } = question
    log.note('limits', limits.provisional ? 'said-provisional' : 'said-settled', { knownAt })
  } else {
    const provisional = Date.parse(question.knownAt) > (checkpoint.seconds - promisedDelaySeconds) * 1000
    if (provisional !== limits.provisional)
      fail('limits', provisional ? 'is-provisional' : 'is-not-provisional', { knownAt: question.knownAt })
    if (provisional)
      log.note('limits', 'known-provisional', { seconds: promisedDelaySeconds, knownAt: question.knownAt })
  }
  log.note('limits', 'completeness-not-proven')
  const outside = checkpoint.cosigned.filter((c) => !c.byOperator)
  if (outside.length === 0) log.note('limits', 'times-operators-word')
  else {
    const names = outside.map((c) => quote(c.name))
    log.note('limits', 'times-witnessed', { seconds: promisedDelaySeconds, names })
  }
  log.note('limits', 'proves-record-only')
}
