/**
 * The banner's second layer, a modal dialog: every purpose of the policy with its declaration, a switch for each purpose that the banner
 * asks about, and the same answers as on the first layer. Escape and Back return to the first layer without a decision.
 */

import type { Consent } from '../../../shared/client/client.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { append, element, newId, visuallyHidden } from '../element.ts'
import type { PolicyTexts } from '../policy-text.ts'
import { type DeclaringVersion, purposeDetails, refusalConsequence } from '../purpose-details.ts'
import { dateOf, localisedText, type Reader, textFor } from '../reader.ts'
import type { AnswerActions } from './first-layer.ts'
import type { BannerQuestion } from './purposes-to-ask.ts'

/** The caller inserts the dialog into the page and then shows it. */
export function secondLayer(
  reader: Reader,
  { notice, asked }: BannerQuestion,
  selected: ReadonlySet<string>,
  permits: Consent['permits'],
  answers: Omit<AnswerActions, 'showDetails'>,
  texts: PolicyTexts,
): HTMLDialogElement {
  const { words } = reader
  const title = newId()
  const boxes = asked.map(({ purpose, label }) =>
    element('input', {
      type: 'checkbox',
      role: 'switch',
      value: purpose.purposeId,
      'aria-label': words.allow(textFor(reader, label)[0]),
    }),
  )
  for (const box of boxes) box.checked = selected.has(box.value)
  const others = notice.purposes.filter((purpose) => !asked.some((each) => each.purpose === purpose))
  const dialog = element('dialog', { class: 'layer', 'aria-labelledby': title })
  append(dialog, [
    element(
      'div',
      { class: 'scrolled stacked' },
      element('button', { type: 'button', class: 'link', click: () => dialog.close() }, `← ${words.back}`),
      element('h2', { id: title, tabindex: -1, autofocus: true }, words.detailsTitle),
      element('p', {}, words.detailsIntroduction),
      element(
        'p',
        { class: 'aside' },
        localisedText(reader, notice.title),
        '. ',
        words.version(notice.version, dateOf(reader, notice.notBefore)),
      ),
      asked.map(({ purpose }, i) => purposeCard(reader, purpose, notice, boxes[i])),
      others.length > 0 && element('h2', { class: 'others' }, words.withoutChoice),
      others.map((purpose) => purposeCard(reader, purpose, notice, undefined, permits(purpose.purposeId))),
      texts.folded(reader, words.text, notice.text),
    ),
    element(
      'div',
      { class: 'answers' },
      element('button', { type: 'button', class: 'answer', click: () => answers.refuseAll() }, words.refuseAll),
      element('button', { type: 'button', class: 'answer', click: () => answers.acceptAll() }, words.acceptAll),
      element(
        'button',
        {
          type: 'button',
          class: 'answer quiet',
          click: () => answers.save(new Set(boxes.filter((box) => box.checked).map((box) => box.value))),
        },
        words.saveSelected,
      ),
    ),
  ])
  return dialog
}

/** Without a box it shows the earlier decision, if there is one. */
function purposeCard(
  reader: Reader,
  purpose: Purpose,
  version: DeclaringVersion,
  box?: HTMLInputElement,
  permitted?: boolean,
): HTMLElement {
  const { words } = reader
  const standing = permitted === undefined ? words.askedElsewhere : words.statuses[permitted ? 'Given' : 'Refused']
  return element(
    'article',
    { class: 'purpose' },
    element(
      'div',
      { class: 'head' },
      element(
        'div',
        {},
        element('h3', {}, localisedText(reader, purpose.title)),
        element('p', {}, localisedText(reader, purpose.description)),
        refusalConsequence(reader, purpose),
      ),
      box,
    ),
    box === undefined && purpose.legalBasis === 'consent' && element('p', { class: 'aside' }, standing),
    element(
      'details',
      {},
      element('summary', {}, words.whatItMeans, visuallyHidden(words.onSubject(textFor(reader, purpose.title)[0]))),
      purposeDetails(reader, purpose, version),
    ),
  )
}
