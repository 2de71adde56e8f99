/**
 * The draft of a version while it is written: the body of its publication with the policy's id, as `npm run publish` takes it. It may hold anything
 * that was typed; only `check-draft.ts` knows whether it can be published.
 */
import type { PolicyVersion } from '../../../shared/consent/policy.ts'
import type { VersionDraft as FullDraft } from '../../../shared/consent/publication.ts'
import { purpose } from '../../../shared/consent/purpose.ts'
import { parsedJson } from '../files/parsed-json.ts'
import { emptyValueOf } from '../schema-form/empty-value.ts'
import { isObject } from '../schema-form/form-state.ts'
import { storeIn, tabStorage } from '../shell/storage.ts'

export type Draft = FullDraft

export function emptyDraft(policyId: string, kind: Draft['kind'], locales: readonly string[]): Draft {
  return {
    policyId,
    version: '1',
    kind,
    scope: ['web'],
    title: {},
    texts: locales.map((locale) => ({ locale, mediaType: 'text/markdown', text: '' })),
    purposes: [],
    level: 'major',
    changes: [],
    ground: 'business',
    summary: {},
  }
}

/**
 * A copy of a version to go on from, with a name of its own. The summary and the changes are the new version's to state.
 *
 * @param texts in the order of the version's
 * @param taken names of all versions of the policy
 */
export function draftAfter(version: PolicyVersion, texts: readonly string[], taken: readonly string[]): Draft {
  const { policyId, kind, scope, title, purposes, evidenceRetention, contextRetention } = version
  return {
    ...{ policyId, kind, scope, title, purposes },
    ...(evidenceRetention !== undefined && { evidenceRetention }),
    ...(contextRetention !== undefined && { contextRetention }),
    version: nextName(taken),
    texts: version.texts.map(({ locale, mediaType }, i) => ({ locale, mediaType, text: texts[i] ?? '' })),
    level: 'minor',
    changes: [],
    ground: 'business',
    summary: {},
  }
}

/** One more than the greatest number among the names; empty when they are not numbers, and the author names it. */
export function nextName(taken: readonly string[]): string {
  const numbers = taken.filter((name) => /^\d{1,9}$/.test(name)).map(Number)
  return numbers.length === 0 ? '' : String(Math.max(...numbers) + 1)
}

/** Reads a draft from JSON: one of this page, or a version file. Undefined when the parts that this page edits are missing. */
export function readDraft(json: string): Draft | undefined {
  const given = parsedJson(json)
  if (!isObject(given) || Array.isArray(given) || typeof given.policyId !== 'string') return undefined
  const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every(isObject)
  const whole = { ...emptyDraft(given.policyId, 'other', []), ...given }
  if (![whole.texts, whole.purposes, whole.changes].every(isListOfObjects)) return undefined
  if (!isObject(whole.title) || !isObject(whole.summary) || !Array.isArray(whole.scope)) return undefined
  const empty = emptyValueOf(purpose)
  const purposes = whole.purposes.map((each) => ({ ...(isObject(empty) ? empty : {}), ...each }))
  if (!purposes.every(({ title }) => isObject(title))) return undefined
  // A version file of `npm run publish` may name files, which a page cannot read.
  return whole.texts.every(({ text }) => typeof text === 'string') ? { ...whole, purposes } : undefined
}

export function writeDraft(draft: Draft): string {
  return `${JSON.stringify(draft, undefined, 2)}\n`
}

const keyOf = (controller: string, policyId: string) => `consent-console:draft:${controller}:${policyId}`

/** Keeps the draft in this tab. A draft holds no personal data. One that is larger than the browser's limit is not kept, which the page tells. */
export function keepDraft(controller: string, draft: Draft): boolean {
  return storeIn(tabStorage(), keyOf(controller, draft.policyId), JSON.stringify(draft))
}

export function keptDraft(controller: string, policyId: string): Draft | undefined {
  const json = tabStorage().getItem(keyOf(controller, policyId))
  return json === null ? undefined : readDraft(json)
}

export function forgetDraft(controller: string, policyId: string): void {
  tabStorage().removeItem(keyOf(controller, policyId))
}
