/**
 * Shows the first layer of a presentation that is not published yet, inside an element, with the code and the styles of the banner itself. Nothing is
 * recorded: whoever presses a button is told so by the caller.
 */
import type { Presentation } from '../../../shared/consent/policy.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { readerOf } from '../reader.ts'
import { openSurface } from '../surface.ts'
import { firstLayer } from './first-layer.ts'
import { bannerQuestion } from './purposes-to-ask.ts'

export interface BannerPreview {
  /** Whether the banner would use the presentation. If not, it asks in its own words. */
  readonly isUsed: boolean
  remove(): void
}

export interface BannerPreviewOptions {
  readonly presentation: Presentation
  /** Purposes of the version in force. */
  readonly purposes: readonly Purpose[]
  /** BCP 47, of the person who sees it. */
  readonly locale: string
  /** An answer was pressed, or the way to the second layer. */
  readonly onPress: () => void
}

export function previewBanner(
  place: HTMLElement,
  { presentation, purposes, locale, onPress }: BannerPreviewOptions,
): BannerPreview {
  const reader = readerOf(locale, [])
  const surface = openSurface('consent-banner', reader, 'auto')
  const undecided = purposes.map(({ purposeId }) => purposeId)
  const notice = { purposes, presentations: [presentation] }
  const question = bannerQuestion(notice, undecided, presentation.presentationId)
  const answers = { acceptAll: onPress, refuseAll: onPress, save: onPress, showDetails: onPress }
  surface.root.append(firstLayer(reader, question, undefined, answers).element)
  place.replaceChildren(surface.host)
  return {
    isUsed: bannerQuestion(notice, undecided).presentation !== undefined,
    remove: () => surface.remove(),
  }
}
