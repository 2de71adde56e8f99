/**
 * Shows a policy's text. What turns Markdown into elements (`functions/markdown`) is a file of its own, `markdown.js`, because few visitors
 * open a text and every visitor loads the banner. Until it is loaded, or where it cannot be, the text is shown as it was written.
 */
import { footnoteWords } from '../markdown/footnote-words.ts'
import type { renderPolicyText } from '../markdown/policy-text-elements.ts'
import { element, newId } from './element.ts'
import { languageOf, type Reader } from './reader.ts'

interface ServedText {
  readonly text: string
  readonly mediaType: string
  readonly locale?: string | undefined
}

/** What `markdown.js` exports. */
interface MarkdownModule {
  readonly renderPolicyText: typeof renderPolicyText
}

export interface PolicyTexts {
  /** The text below a summary, closed at first because it is long. */
  folded(reader: Reader, summary: string, text: ServedText): HTMLElement
  /** The text in an element that is filled as soon as the code is loaded. Its headings begin at h3, below the policy's title. */
  show(reader: Reader, text: ServedText): HTMLElement
  /** Resolves when every text that was shown before has its elements, or cannot get them. */
  settled(): Promise<void>
}

/** @param url the ledger that serves `markdown.js` */
export function policyTexts(url: string): PolicyTexts {
  let loading: Promise<MarkdownModule | undefined> | undefined

  /** A failure is not remembered, so that a text that is opened later tries again. */
  function load(): Promise<MarkdownModule | undefined> {
    // The address is no literal, so the bundler leaves the module where it is.
    const address = `${url}/console/markdown.js`
    loading ??= import(address).catch(() => {
      loading = undefined
    })
    return loading
  }

  function show({ words }: Reader, text: ServedText): HTMLElement {
    const place = element('div', { class: 'policy-text' }, element('p', { class: 'plain' }, text.text))
    const options = {
      topLevel: 3,
      idPrefix: `${newId()}-`,
      words: footnoteWords[words.language === 'sv' ? 'sv' : 'en'],
    }
    load().then((module) => module?.renderPolicyText(place, text, options))
    return place
  }

  return {
    show,
    folded(reader, summary, text) {
      const lang =
        text.locale === undefined || languageOf(text.locale) === reader.words.language ? undefined : text.locale
      const content = element('div', { lang })
      const fill = () => {
        if (details.open && content.childElementCount === 0) content.append(show(reader, text))
      }
      const details = element('details', { class: 'whole', toggle: fill }, element('summary', {}, summary), content)
      return details
    },
    settled: async () => {
      await loading
    },
  }
}
