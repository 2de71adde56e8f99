/**
 * What a banner asks, of what a notice says: the purposes on the first layer that fits, as far as they are undecided. What a
 * person has decided they are not asked again, and what the first layer does not mention they are not asked there.
 */

import type { Notice } from '../../../shared/client/ledger-answers.ts'
import type { Localised, Presentation } from '../../../shared/consent/policy.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'

export interface BannerQuestion {
  readonly notice: Notice
  /** None was published that fits: then the banner asks in its own words, and says so to the ledger by naming none. */
  readonly presentation?: Presentation
  readonly asked: readonly AskedPurpose[]
}

export interface AskedPurpose {
  readonly purpose: Purpose
  readonly label: Localised
}

/**
 * The newest of the first layers that ask for the most: a policy has forms for single purposes as well, such as that beside a log-in.
 * `presentationId` names another.
 */
export function bannerQuestion(notice: Notice, undecided: readonly string[], presentationId?: string): BannerQuestion {
  const [presentation] = notice.presentations
    .filter((p) => (presentationId === undefined ? fits(notice, p) : p.presentationId === presentationId))
    .sort((a, b) => b.controls.length - a.controls.length || (a.publishedAt < b.publishedAt ? 1 : -1))
  const labelled = presentation
    ? presentation.controls.map(({ purposeId, label }) => ({ purposeId, label }))
    : notice.purposes.map(({ purposeId, title }) => ({ purposeId, label: title }))
  const asked = labelled.flatMap(({ purposeId, label }) => {
    const purpose = purposeOf(notice, purposeId)
    return purpose && isAskedAtOnce(purpose) && undecided.includes(purposeId) ? [{ purpose, label }] : []
  })
  return { notice, presentation, asked }
}

/** Explicit consent is never one of several under a single button: its own form asks for it, or the preference centre. */
function isAskedAtOnce({ legalBasis, explicit }: Purpose): boolean {
  return legalBasis === 'consent' && !explicit
}

/** All that it asks for is still declared, its controls are off, and refusing is on the same layer. */
function fits(notice: Notice, { controls, refusal }: Presentation): boolean {
  const isDeclared = controls.every(({ purposeId, initially }) => initially === 'off' && purposeOf(notice, purposeId))
  return controls.length > 0 && refusal.layer === 1 && isDeclared
}

function purposeOf({ purposes }: Notice, purposeId: string): Purpose | undefined {
  return purposes.find((purpose) => purpose.purposeId === purposeId)
}
