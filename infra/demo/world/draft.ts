/**
 * What a controller hands to the ledger to be published: the bodies of the administration requests, and the world made of
 * them. `publishedAt` is the instant the ledger's clock shows when a draft is published; a controller's publications and
 * presentations are in that order. Times are RFC 3339 UTC strings with milliseconds.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControllerDraft as FullControllerDraft } from '../../../shared/consent/controller.ts'
import type { PresentationDraft, VersionDraft } from '../../../shared/consent/publication.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import type { SiteDraft } from '../../../shared/consent/site.ts'

/** Whoever runs the world adds the identity provider, whose keys are made when it starts. */
export type ControllerDraft = Omit<FullControllerDraft, 'identityProvider'>

export type Publication = WorldController['publications'][number]
export type PublishedPresentation = WorldController['presentations'][number]

export interface WorldController {
  controller: ControllerDraft
  sites: readonly SiteDraft[]
  publications: readonly { publishedAt: string; draft: VersionDraft }[]
  presentations: readonly { publishedAt: string; draft: PresentationDraft }[]
}

/** The locales in which every text of the world exists. */
export const locales = ['sv-SE', 'en'] as const

/** The texts of one version, from `<controller>/<policyId>/<version>.<locale>.md`. */
export function textsOf(controller: string, policyId: string, version: string): VersionDraft['texts'] {
  return locales.map((locale) => ({
    locale,
    mediaType: 'text/markdown',
    text: readFileSync(join(import.meta.dirname, controller, policyId, `${version}.${locale}.md`), 'utf8'),
  }))
}

/** The purposes with some fields of one of them replaced: how a version is told as a difference to the one before. */
export function amend(
  purposes: readonly Purpose[],
  purposeId: string,
  fields: Partial<Omit<Purpose, 'purposeId' | 'legalBasis'>>,
): readonly Purpose[] {
  if (!purposes.some((purpose) => purpose.purposeId === purposeId)) throw new Error(`no purpose ${purposeId} to amend`)
  return purposes.map((purpose) => (purpose.purposeId === purposeId ? { ...purpose, ...fields } : purpose))
}

export function inOrder<T extends { readonly publishedAt: string }>(published: readonly T[]): readonly T[] {
  return published.toSorted((a, b) => (a.publishedAt < b.publishedAt ? -1 : a.publishedAt > b.publishedAt ? 1 : 0))
}
