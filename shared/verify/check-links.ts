/**
 * Step `links`: computes the link of each covering event to the policy's versions again, from what was published when the event was
 * recorded. A link by a hash, by a name or by nothing can be recomputed. That a text was served is the operator's statement.
 *
 * An instance learns of versions up to 30 s late, and clocks differ, so the instance may or may not have known a publication from around the
 * recording. If the log contradicts the recording time, nothing follows about what the instance knew. Versions take effect at least 60 s
 * after publication, so `inForce` is the same either way; `shown` may be either.
 */

import { mayOperate } from '../consent/decision-effect.ts'
import { disputedSpan } from '../consent/disputed-times.ts'
import type { PolicyLink } from '../consent/event.ts'
import { linkPolicy, textOfLocale } from '../consent/link.ts'
import {
  findVersion,
  inForce,
  type PolicyHistory,
  type PolicyVersion,
  type Retraction,
  statedInForce,
} from '../consent/policy.ts'
import { sameValue } from '../consent/policy-versions.ts'
import type { ProvenEvent } from './check-events.ts'
import { type Said, say } from './say.ts'
import { fail, type Log, quote } from './verification.ts'

/** Maximum delay until an instance knows a publication: its cache of 30 s, and the length of a request. */
const lateMs = 60_000
/** Tolerance: the clock that stamped a publication may be ahead of the one that stamped an event. */
export const aheadMs = 5 * 60_000

/** `loggedAt` is by event: when the log first had it, if the log contradicts its recording time. */
export function checkLinks(
  events: readonly ProvenEvent[],
  loggedAt: readonly (string | undefined)[],
  history: PolicyHistory,
  log: Log,
): void {
  let served = 0
  let all = 0
  for (const [i, event] of events.entries()) {
    if (event.covering === undefined) continue
    const links = event.covering.link.filter((l) => l.policyId === history.policyId)
    const [link] = links
    if (link === undefined || links.length > 1) {
      fail('links', 'not-one-policy-link', { what: event.what, count: links.length, policyId: quote(history.policyId) })
      return
    }
    checkDerived(event)
    checkLink(event, link, historiesKnownTo(event, loggedAt[i], history))
    if (link.grade.startsWith('served')) served++
    if (link.grade === 'asserted' && !isInTexts(history, link))
      log.note('links', 'locale-without-text', {
        what: event.what,
        locale: quote(link.locale ?? ''),
        version: quote(link.shown ?? ''),
      })
    all++
  }
  if (all === 0) return
  log.ok('links', 'links-follow', { count: all })
  if (served > 0) log.note('links', 'served-by-word', { count: served })
}

/** The histories that the instance may have known. */
function historiesKnownTo(
  { times, who }: ProvenEvent,
  loggedAt: string | undefined,
  history: PolicyHistory,
): PolicyHistory[] {
  const around = historiesAround(history, times.recordedAt)
  if (loggedAt === undefined) return around
  const { from, until } = disputedSpan(times, mayOperate({ who }), loggedAt)
  if (loggedAt >= times.recordedAt && from === until && until === times.effectiveAt) return around
  return [...around, ...published(history).map((ms) => publishedBy(history, ms))]
}

function checkLink(event: ProvenEvent, link: PolicyLink, histories: readonly PolicyHistory[]): void {
  const candidates = histories.map((known) => expectedLink(event, link, known))
  if (candidates.some((expected) => sameValue(expected, link))) return
  const [expected] = candidates
  fail('links', 'link-differs', {
    what: event.what,
    link: describeLink(link),
    expected: expected ? describeLink(expected) : say('no-version'),
  })
}

function expectedLink(event: ProvenEvent, link: PolicyLink, known: PolicyHistory): PolicyLink | undefined {
  const { policyId, grade, shown, locale, textSha256 } = link
  if (known.versions.length === 0 && sameValue(link, { policyId, grade: 'unmatched' })) return link
  const at = event.times.effectiveAt
  const versionInForce = event.who.assurance === 'imported' ? statedInForce : inForce
  const byReference = (version?: string) =>
    linkPolicy(known, at, { kind: 'reference', reference: { policyId, version, textSha256, locale } }, versionInForce)
  switch (grade) {
    case 'hashed':
      return byReference()
    case 'assumed': {
      const unnamed = byReference()
      // Otherwise the event named a version and a locale in which that version has no text.
      return sameValue(unnamed, link) || shown === undefined || locale === undefined ? unnamed : byReference(shown)
    }
    case 'asserted': {
      if (textSha256 !== undefined) return undefined
      // Until 30 November 2026 a locale in which the version has no text was recorded as asserted, too.
      const named = linkPolicy(
        known,
        at,
        { kind: 'reference', reference: { policyId, version: shown ?? '' } },
        versionInForce,
      )
      return locale === undefined ? named : { ...named, locale }
    }
    case 'unmatched':
      // Without a hash the named version was unknown, and its name is not kept: any unknown name gives the same result.
      return byReference(textSha256 === undefined ? '' : undefined)
    case 'served':
    case 'served-unbound':
    case 'served-expired': {
      const current = versionInForce(known, at)
      if (shown === undefined || locale === undefined || !isInTexts(known, link)) return undefined
      return { policyId, ...(current && { inForce: current.version }), shown, locale, grade }
    }
  }
}

/** Whether the history has the version shown and, when the link states a locale, a text of it in that locale. */
function isInTexts(history: PolicyHistory, { shown, locale }: PolicyLink): boolean {
  const version = shown === undefined ? undefined : findVersion(history, shown)
  return version !== undefined && (locale === undefined || textOfLocale(version, locale) !== undefined)
}

/** The history as an instance may have known it at the recording, judged by the stated times alone, not by the log. */
function historiesAround(history: PolicyHistory, recordedAt: string): PolicyHistory[] {
  const recorded = Date.parse(recordedAt)
  const nearby = published(history).filter((at) => at >= recorded - lateMs && at <= recorded + aheadMs)
  return [...new Set([recorded, recorded - lateMs, ...nearby])].map((ms) => publishedBy(history, ms))
}

function published({ versions, retractions }: PolicyHistory): number[] {
  const stated = [...versions.map((v) => v.publishedAt), ...retractions.map((r) => r.retractedAt)]
  return stated.map((at) => Date.parse(at))
}

function publishedBy({ policyId, versions, retractions }: PolicyHistory, ms: number): PolicyHistory {
  const by = (at: string) => Date.parse(at) <= ms
  return {
    policyId,
    versions: versions.filter((v: PolicyVersion) => by(v.publishedAt)),
    retractions: retractions.filter((r: Retraction) => by(r.retractedAt)),
    presentations: [],
  }
}

function checkDerived({ what, covering }: ProvenEvent): void {
  if (covering?.decision.derivedFrom === 'gpc' && covering.how.signals?.gpc !== true)
    fail('links', 'signal-absent', { what })
}

function describeLink({ inForce: current, shown, grade }: PolicyLink): Said {
  return say('version-link', {
    inForce: current === undefined ? say('none-in-force') : say('in-force', { version: quote(current) }),
    shown: shown === undefined ? say('none-shown') : say('shown', { version: quote(shown) }),
    grade,
  })
}
