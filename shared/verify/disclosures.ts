/**
 * Reads an event's leaf and the disclosures that open it (SD-JWT, RFC 9901): the counterpart of `shared/consent/leaf.ts`. The leaf must be
 * exactly the bytes that its members make. Each disclosure must open one of its digests, under a known name that is used once.
 */

import type { ZodType } from 'zod'
import { sha256 } from '#sha256'
import {
  type EventContext,
  type EventWho,
  type Identity,
  type PolicyLink,
  type RecordedDecision,
  targetId,
} from '../consent/event.ts'
import { eventLeaf, type FieldGroup, fieldGroups } from '../consent/leaf.ts'
import { decodeUtf8, encodeUtf8 } from '../tlog/encoding.ts'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'
import * as forms from './forms-event.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import type { StepId } from './step-ids.ts'
import { fail, inStep, missing, quote } from './verification.ts'

export interface EventLeaf {
  readonly sub: string
  readonly digests: ReadonlySet<string>
}

/** The opened claims of one event. An absent member is withheld. */
export interface OpenedClaims {
  readonly covers: readonly string[]
  readonly times?: forms.DisclosedTimes
  readonly who?: EventWho
  readonly identity?: Identity
  readonly link?: readonly PolicyLink[]
  readonly how?: forms.DisclosedHow
  readonly context?: EventContext
  readonly decisions: ReadonlyMap<string, RecordedDecision>
  /** Names of all claims opened. */
  readonly names: ReadonlySet<string>
}

const { groups } = forms

export function readEventLeaf(leaf: string, step: StepId, what: Said): EventLeaf {
  const { sub, _sd } = parseForm(forms.eventLeaf, parseJson(leaf, step, what), step, what)
  if (eventLeaf(sub, _sd) !== leaf) fail(step, 'not-canonical', { what })
  const digests = new Set(_sd)
  if (digests.size !== _sd.length) fail(step, 'digest-twice', { what })
  return { sub, digests }
}

export function openDisclosures(
  disclosures: readonly string[],
  { digests }: EventLeaf,
  salts: Set<string>,
  what: Said,
): OpenedClaims {
  return claimsOf(openValues(disclosures, digests, salts, what), digests.size, what)
}

/**
 * The values that the disclosures open, by claim name.
 *
 * @param salts collects the salts of one call after another: a salt that is used twice does not hide the second value
 */
export function openValues(
  disclosures: readonly string[],
  digests: ReadonlySet<string>,
  salts: Set<string>,
  what: Said,
  step: StepId = 'disclosures',
): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [i, disclosure] of disclosures.entries()) {
    const where = say('disclosure-of', { what, number: i + 1 })
    const { salt, name, value } = readDisclosure(disclosure, where, step)
    if (!digests.has(digestOf(disclosure))) fail(step, 'disclosure-opens-nothing', { where, name: quote(name) })
    if (values.has(name)) fail(step, 'claim-twice', { where, name: quote(name) })
    if (salts.has(salt)) fail(step, 'salt-twice', { where, name: quote(name) })
    salts.add(salt)
    values.set(name, value)
  }
  return values
}

function readDisclosure(disclosure: string, where: Said, step: StepId) {
  const json = inStep(step, where, () => decodeUtf8(decodeBase64Url(disclosure), 'malformed-base64'))
  const [salt, name, value] = parseForm(forms.disclosure, parseJson(json, step, where), step, where)
  return { salt, name, value }
}

function digestOf(disclosure: string): string {
  return encodeBase64Url(sha256(encodeUtf8(disclosure, 'malformed-base64')))
}

function claimsOf(values: ReadonlyMap<string, unknown>, digests: number, what: Said): OpenedClaims {
  const covers = group(values, 'covers', groups.covers, what) ?? []
  if (new Set(covers).size !== covers.length) fail('disclosures', 'covers-twice', { what })
  if (!values.has('field:covers')) missing('disclosures', 'covers-withheld', { what })
  if (digests !== covers.length + fieldGroups.length) {
    fail('disclosures', 'digests-do-not-add-up', {
      what,
      digests,
      decisions: covers.length,
      groups: fieldGroups.length,
      sum: covers.length + fieldGroups.length,
    })
  }
  const decisions = new Map<string, RecordedDecision>()
  for (const [name, value] of values) {
    if (name.startsWith('field:')) {
      if (!fieldGroups.some((g) => name === `field:${g}`))
        fail('disclosures', 'no-such-claim', { what, name: quote(name) })
      continue
    }
    const id = name.slice('decision:'.length)
    if (!covers.includes(id)) fail('disclosures', 'decision-not-covered', { what, id: quote(id) })
    const decision = parseForm(forms.decision, value, 'disclosures', say('part-of', { what, part: name }))
    if (targetId(decision) !== id)
      fail('disclosures', 'decision-of-other-target', { what, name: quote(name), target: quote(targetId(decision)) })
    decisions.set(id, decision)
  }
  return {
    covers,
    times: group(values, 'times', groups.times, what),
    who: group(values, 'who', groups.who, what),
    identity: group(values, 'identity', groups.identity, what),
    link: values.has('field:link') ? (group(values, 'link', groups.link, what) ?? []) : undefined,
    how: group(values, 'how', groups.how, what),
    context: values.has('field:context') ? (group(values, 'context', groups.context, what) ?? {}) : undefined,
    decisions,
    names: new Set(values.keys()),
  }
}

function group<T>(values: ReadonlyMap<string, unknown>, name: FieldGroup, form: ZodType<T>, what: Said): T | undefined {
  const claim = `field:${name}`
  return values.has(claim)
    ? parseForm(form, values.get(claim), 'disclosures', say('part-of', { what, part: claim }))
    : undefined
}
