/** The full text of a notice on the page where the decision is made, because its token states that this text was shown there. */

import { type Html, html } from '../../../functions/public/html.ts'
import type { Notice } from '../../../shared/server/server.ts'
import type { Words } from './language.ts'
import { policyText } from './policy-text.ts'

/** The text in a part of the page that scrolls by itself, also with the keyboard. */
export function noticeText({ policyId, title, text }: Notice, { of, language }: Words, level: 2 | 3 = 3): Html {
  return html`<div class="reads text" tabindex="0" role="region" aria-label="${of(title)}" lang="${text.locale}">${policyText(text, policyId, language, level)}</div>`
}

export function noticeDetails(notice: Notice, words: Words): Html {
  const { of, say } = words
  return html`<details><summary>${say('Läs', 'Read')}: ${of(notice.title)}, version ${notice.version}</summary>
${noticeText(notice, words)}</details>`
}
