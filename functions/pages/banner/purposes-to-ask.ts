/**
 * Selects what the banner asks from a notice: the undecided purposes on the first layer that fits. A decided purpose is not asked again,
 * and a purpose that the first layer does not mention is not asked there.
 */

import type { Notice } from '../../../shared/client/ledger-answers.ts'
import type { Localised, Presentation } from '../../../shared/consent/policy.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'

/** What of a notice decides the question. */
export type AskingNotice = Pick<Notice, 'purposes' | 'presentations'>

export interface BannerQuestion<N extends AskingNotice = Notice> {
  readonly notice: N
  /** The first layer. Absent when none that fits was published: the banner then uses its own words and records no presentation. */
  readonly presentation?: Presentation
  readonly asked: readonly AskedPurpose[]
}

export interface AskedPurpose {
  readonly purpose: Purpose
  readonly label: Localised
}

/**
 * Takes the presentation with the most controls, and of several the newest. A policy may also have presentations of single purposes, such
 * as the one beside a log-in. `presentationId` names one instead.
 */
export function bannerQuestion<N extends AskingNotice>(
  notice: N,
  undecided: readonly string[],
  presentationId?: string,
): BannerQuestion<N> {
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

/** Explicit consent needs a control of its own, so a button for several purposes must not ask for it. The preference centre does. */
function isAskedAtOnce({ legalBasis, explicit }: Purpose): boolean {
  return legalBasis === 'consent' && !explicit
}

/** Whether its purposes are all still declared, its controls start off, and refusing is on the same layer. */
function fits(notice: AskingNotice, { controls, refusal }: Presentation): boolean {
  const isDeclared = controls.every(({ purposeId, initially }) => initially === 'off' && purposeOf(notice, purposeId))
  return controls.length > 0 && refusal.layer === 1 && isDeclared
}

function purposeOf({ purposes }: AskingNotice, purposeId: string): Purpose | undefined {
  return purposes.find((purpose) => purpose.purposeId === purposeId)
}
