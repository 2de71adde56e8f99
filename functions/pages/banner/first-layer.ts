/**
 * The banner's first layer: the published wording, its controls (off), and three answers that take equal effort. It is not modal: the page
 * stays usable, and using it records no decision.
 */

import { element, newId } from '../element.ts'
import { localisedText, type Reader } from '../reader.ts'
import type { BannerQuestion } from './purposes-to-ask.ts'

export interface AnswerActions {
  acceptAll(): void
  refuseAll(): void
  /** Accepts these purposes and refuses the others that were asked about. */
  save(purposeIds: ReadonlySet<string>): void
  /** Opens the second layer with these purposes switched on. */
  showDetails(purposeIds: ReadonlySet<string>): void
}

export interface FirstLayer {
  readonly element: HTMLElement
  /** Moves the focus to the button that opened the second layer. */
  focusDetails(): void
}

export function firstLayer(
  reader: Reader,
  question: Pick<BannerQuestion, 'presentation' | 'asked'>,
  honoured: string | undefined,
  answers: AnswerActions,
): FirstLayer {
  const { words } = reader
  const { presentation, asked } = question
  const [title, introduction] = [newId(), newId()]
  const boxes = asked.map(({ purpose }) => element('input', { type: 'checkbox', value: purpose.purposeId }))
  const selected = () => new Set(boxes.filter((box) => box.checked).map((box) => box.value))
  const details = element(
    'button',
    { type: 'button', class: 'link', click: () => answers.showDetails(selected()) },
    words.details,
  )
  const refuseLabel = presentation ? localisedText(reader, presentation.refusal.label) : words.refuseAll
  const layer = element(
    'section',
    { class: 'banner', role: 'dialog', 'aria-labelledby': title, 'aria-describedby': introduction },
    element(
      'div',
      { class: 'words' },
      element('h2', { id: title }, words.bannerTitle),
      element(
        'p',
        { id: introduction },
        presentation ? localisedText(reader, presentation.wording) : words.bannerIntroduction,
      ),
      honoured !== undefined && element('p', { class: 'aside' }, honoured),
      element(
        'div',
        { class: 'boxes', role: 'group', 'aria-labelledby': title },
        asked.map(({ label }, i) => element('label', { class: 'box' }, boxes[i], localisedText(reader, label))),
      ),
      details,
    ),
    element(
      'div',
      { class: 'answers' },
      element('button', { type: 'button', class: 'answer', click: () => answers.refuseAll() }, refuseLabel),
      element('button', { type: 'button', class: 'answer', click: () => answers.acceptAll() }, words.acceptAll),
      element(
        'button',
        { type: 'button', class: 'answer quiet', click: () => answers.save(selected()) },
        words.saveSelected,
      ),
    ),
  )
  return { element: layer, focusDetails: () => details.focus() }
}
