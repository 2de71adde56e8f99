/**
 * Step `publications`: makes the leaf of each version, retraction and presentation again from its record and compares it with the logged
 * leaf. Checks the rules of publication: when a version may come into force, which changes it must declare, until when it can be retracted.
 */

import { checkChanges } from '../consent/declared-changes.ts'
import { findVersion, type PolicyHistory, type PolicyVersion } from '../consent/policy.ts'
import { sameValue } from '../consent/policy-versions.ts'
import { notBeforeOf, noticePeriodMs, retractionLeadMs } from '../consent/publication.ts'
import { presentationLeaf, retractionLeaf, versionLeaf } from '../consent/published-leaf.ts'
import { LedgerError } from '../errors.ts'
import type { ProvenEvent } from './check-events.ts'
import type { GivenProof } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import { fail, type Log, missing, quote } from './verification.ts'

const step = 'publications'

/** `knownFrom` of each record, in the order of the file; defined for backdated ones. */
export interface KnownFrom {
  readonly versions: readonly (string | undefined)[]
  readonly retractions: readonly (string | undefined)[]
  readonly presentations: readonly (string | undefined)[]
}

export function checkPublications(
  proof: GivenProof,
  knownFrom: KnownFrom,
  events: readonly ProvenEvent[],
  log: Log,
): PolicyHistory {
  const policyId = policyOf(proof, events)
  checkLeaves(proof, policyId)
  const known = (list: readonly (string | undefined)[], i: number) =>
    list[i] === undefined ? {} : { knownFrom: list[i] }
  const history: PolicyHistory = {
    policyId,
    versions: proof.versions.map(({ version }, i) => ({ ...version, ...known(knownFrom.versions, i) })),
    retractions: proof.retractions.map(({ retraction }, i) => ({ ...retraction, ...known(knownFrom.retractions, i) })),
    presentations: proof.presentations.map((p, i) => ({ ...p.presentation, ...known(knownFrom.presentations, i) })),
  }
  checkUnique(history)
  for (const version of history.versions) checkVersion(version, history)
  for (const retraction of history.retractions) checkRetraction(retraction, history)
  log.ok(step, 'published-by-rule', { published: countsOf(history) })
  notePresentations(history, events, log)
  return history
}

/** The policy that decides the question. If no version declares the purpose, the policy that the events name. */
function policyOf({ question, versions }: GivenProof, events: readonly ProvenEvent[]): string {
  if (question.policyId !== undefined) return question.policyId
  const [first] = versions
  if (first) {
    const declares = versions.some(({ version }) => version.purposes.some((p) => p.purposeId === question.purposeId))
    if (!declares) fail(step, 'purpose-undeclared', { purposeId: quote(question.purposeId ?? '') })
    return first.version.policyId
  }
  const links = events.flatMap(({ covering }) => covering?.link ?? [])
  return links.length === 1 ? (links[0]?.policyId ?? '') : ''
}

function checkLeaves({ versions, retractions, presentations }: GivenProof, policyId: string): void {
  for (const { leaf, version } of versions) {
    const what = say('named-version', { version: quote(version.version) })
    if (version.policyId !== policyId) fail(step, 'of-other-policy', { what, policyId: quote(version.policyId) })
    if (leafOf(version) !== leaf) fail(step, 'not-the-record', { what })
  }
  for (const { leaf, retraction } of retractions) {
    if (retractionLeaf(policyId, retraction) !== leaf)
      fail(step, 'not-the-record', { what: say('retraction-of-version', { version: quote(retraction.version) }) })
  }
  for (const { leaf, presentation } of presentations) {
    const what = say('named-presentation', { name: quote(presentation.presentationId) })
    if (presentation.policyId !== policyId)
      fail(step, 'of-other-policy', { what, policyId: quote(presentation.policyId) })
    if (presentationLeaf(presentation) !== leaf) fail(step, 'not-the-record', { what })
  }
}

/** By the JSON of a version, because the ledger checks the same versions in every proof before it leaves. */
const leavesByJson = new Map<string, string>()
/** Bounds the memory: the JSON of a version has some 10 KB. */
const maxLeavesByJson = 64

function leafOf(version: PolicyVersion): string {
  const json = JSON.stringify(version)
  const leaf = leavesByJson.get(json) ?? versionLeaf(version)
  if (leavesByJson.size >= maxLeavesByJson) leavesByJson.clear()
  leavesByJson.set(json, leaf)
  return leaf
}

function checkUnique({ versions, retractions, presentations }: PolicyHistory): void {
  const names = [
    ...versions.map((v) => say('named-version', { version: quote(v.version) })),
    ...retractions.map((r) => say('retraction-of-version', { version: quote(r.version) })),
    ...presentations.map((p) => say('named-presentation', { name: quote(p.presentationId) })),
  ]
  const repeated = names.find((name, i) => names.findIndex((other) => sameValue(other, name)) !== i)
  if (repeated) fail(step, 'published-twice', { what: repeated })
}

function checkVersion(version: PolicyVersion, history: PolicyHistory): void {
  const what = say('named-version', { version: quote(version.version) })
  const { effectiveFrom, publishedAt, notBefore, comparedWith } = version
  const mayBeFirst = !history.versions.some((v) => msBetween(v.publishedAt, publishedAt) > noticePeriodMs)
  const allowed = [...(mayBeFirst ? [true] : []), false].map((first) => notBeforeOf(effectiveFrom, publishedAt, first))
  if (!allowed.includes(notBefore))
    fail(step, 'not-before-differs', { what, publishedAt, notBefore, right: allowed.at(-1) ?? '' })
  if (version.retroactive !== effectiveFrom < publishedAt)
    fail(step, version.retroactive ? 'marked-retroactive' : 'not-marked-retroactive', { what })
  if (comparedWith === undefined) return
  const before = findVersion(history, comparedWith)
  if (before === undefined) missing(step, 'compared-version-absent', { what, comparedWith: quote(comparedWith) })
  else checkDeclared(version, before, what)
}

/** Milliseconds from `a` to `b`. */
function msBetween(a: string, b: string): number {
  return Date.parse(b) - Date.parse(a)
}

function checkDeclared(version: PolicyVersion, before: PolicyVersion, what: Said): void {
  try {
    checkChanges(version, before)
  } catch (error) {
    if (error instanceof LedgerError) fail(step, 'changes-against-rule', { what, message: error.message })
    throw error
  }
}

function checkRetraction(retraction: PolicyHistory['retractions'][number], history: PolicyHistory): void {
  const version = findVersion(history, retraction.version)
  const what = say('retraction-of-version', { version: quote(retraction.version) })
  const { notBefore } = version ?? missing(step, 'retracted-version-absent', { what })
  const latest = Date.parse(notBefore) - retractionLeadMs
  if (Date.parse(retraction.retractedAt) > latest)
    fail(step, 'retracted-too-late', {
      what,
      retractedAt: retraction.retractedAt,
      latest: new Date(latest).toISOString(),
    })
  if (retraction.knownFrom !== undefined && retraction.knownFrom > notBefore)
    missing(step, 'retraction-known-late', { what })
}

function countsOf({ versions, retractions, presentations }: PolicyHistory): Said[] {
  return [
    say('versions-published', { count: versions.length }),
    ...(retractions.length > 0 ? [say('retractions-published', { count: retractions.length })] : []),
    ...(presentations.length > 0 ? [say('presentations-published', { count: presentations.length })] : []),
  ]
}

function notePresentations({ presentations }: PolicyHistory, events: readonly ProvenEvent[], log: Log): void {
  const named = new Set(events.map(({ covering }) => covering?.how.presentationId).filter((id) => id !== undefined))
  for (const { presentationId } of presentations) named.delete(presentationId)
  if (named.size > 0) log.note(step, 'presentations-absent', { names: [...named].map(quote) })
}
