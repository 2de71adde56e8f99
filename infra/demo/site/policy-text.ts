/** A policy's text on a page of the site, rendered as on the ledger's own pages. */
import { footnoteWords } from '../../../functions/markdown/footnote-words.ts'
import type { MarkdownOptions } from '../../../functions/markdown/markdown-tree.ts'
import { policyTextHtml, titledPolicyTextHtml } from '../../../functions/markdown/policy-text-html.ts'
import { Html, html } from '../../../functions/public/html.ts'
import type { PolicyText } from '../../../shared/consent/policy.ts'
import type { Language } from './language.ts'

type ServedText = Pick<PolicyText, 'mediaType'> & { readonly text: string }

/** `level` is that of the text's own title on the page; `policyId` keeps its anchors apart from those of another text. */
export function policyText(text: ServedText, policyId: string, language: Language, level: 2 | 3 = 2): Html {
  return new Html(policyTextHtml(text, optionsOf(policyId, language, level)))
}

/** The text with its own title as that of the page. */
export function policyPageText(text: ServedText, policyId: string, language: Language, otherTitle: string): Html {
  const { title = otherTitle, html: rest } = titledPolicyTextHtml(text, optionsOf(policyId, language, 2))
  return html`<h1>${title}</h1>${new Html(rest)}`
}

function optionsOf(policyId: string, language: Language, topLevel: number): MarkdownOptions {
  return { topLevel, idPrefix: `${policyId}-`, words: footnoteWords[language] }
}
