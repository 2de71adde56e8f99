/** Shows the banner on its two layers until it is answered, and records the answer with the layer and the control that were used. */
import type { Consent, How } from '../../../shared/client/client.ts'
import type { PolicyTexts } from '../policy-text.ts'
import type { Reader } from '../reader.ts'
import { openSurface, type Theme } from '../surface.ts'
import { placeBanner } from './banner-placement.ts'
import { type AnswerActions, firstLayer } from './first-layer.ts'
import type { BannerQuestion } from './purposes-to-ask.ts'
import { secondLayer } from './second-layer.ts'

export interface BannerOptions {
  readonly consent: Consent
  readonly reader: Reader
  readonly theme: Theme
  readonly question: BannerQuestion
  /** That the browser's opt-out signal was honoured, when it was: the banner says so, and the answer states that it did. */
  readonly honoured: string | undefined
  /** Called when an answer states it. */
  readonly told: () => void
  readonly texts: PolicyTexts
}

export function showBanner({ consent, reader, theme, question, honoured, told, texts }: BannerOptions): void {
  const { asked, presentation } = question
  const surface = openSurface('consent-banner', reader, theme)
  const initialState = Object.fromEntries(asked.map(({ purpose }) => [purpose.purposeId, 'off' as const]))
  const ending = new AbortController()

  function answer(control: How['control'], layer: number, isYes: (purposeId: string) => boolean): void {
    const decisions = Object.fromEntries(asked.map(({ purpose }) => [purpose.purposeId, isYes(purpose.purposeId)]))
    const { presentationId } = presentation ?? {}
    const signals = honoured === undefined ? undefined : { gpcShown: true }
    consent.record(decisions, {
      surface: 'banner',
      act: 'button',
      control,
      layer,
      presentationId,
      initialState,
      signals,
    })
    if (signals !== undefined) told()
    leave()
  }

  function leave(): void {
    ending.abort()
    for (const part of surface.root.querySelectorAll('dialog, .banner')) part.remove()
    surface.announce(reader.words.saved)
  }

  /** After a move in the document a dialog is still open but no longer modal. */
  function showDialogAgain(): void {
    for (const dialog of surface.root.querySelectorAll('dialog')) {
      dialog.removeAttribute('open')
      dialog.showModal()
    }
  }

  const answersOn = (layer: number): Omit<AnswerActions, 'showDetails'> => ({
    acceptAll: () => answer('accept-all', layer, () => true),
    refuseAll: () => answer('refuse-all', layer, () => false),
    save: (on) => answer('save-choices', layer, (purposeId) => on.has(purposeId)),
  })
  const first = firstLayer(reader, question, honoured, {
    ...answersOn(1),
    showDetails(selected) {
      const dialog = secondLayer(reader, question, selected, consent.permits, answersOn(2), texts)
      dialog.addEventListener('close', () => {
        dialog.remove()
        first.focusDetails()
      })
      surface.root.append(dialog)
      dialog.showModal()
    },
  })
  surface.root.append(first.element)
  placeBanner(surface.host, first.element, showDialogAgain, ending.signal)

  // The person may answer in another tab.
  const forget = consent.onChange(() => {
    if (asked.every(({ purpose }) => consent.permits(purpose.purposeId) !== undefined)) leave()
  })
  ending.signal.addEventListener('abort', forget)
}
