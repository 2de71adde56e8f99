/** `GET /policies/{controller}/{policyId}` and `…/versions/{version}`: one version of a policy, with everything that belongs to it. */
import type { Controller } from '../../shared/consent/controller.ts'
import { inForce, type PolicyHistory, type PolicyText, type PolicyVersion } from '../../shared/consent/policy.ts'
import { languageOf } from '../http/language.ts'
import { controllerFacts, glossaryList } from './controller-facts.ts'
import { controllerPage } from './controller-page.ts'
import { cookiesTable, purposesTable, recipientsTable } from './declared-tables.ts'
import { Html, html, type Piece } from './html.ts'
import { inLanguage, policyPath, versionPath } from './policy-addresses.ts'
import { dateOf, languageName, type PublicReader, plainly, timeElement, written } from './public-reader.ts'
import { facts, table } from './rows-table.ts'
import { newestFirst, nextVersion, standingOf } from './standing.ts'

export interface PolicyPage {
  readonly reader: PublicReader
  readonly controller: Controller
  readonly history: PolicyHistory
  readonly version: PolicyVersion
  readonly text: PolicyText
  /** The text, rendered. `title` is the text's own. */
  readonly rendered: { readonly title?: string; readonly html: string }
  readonly now: string
  /** Whether the address names the version, or is that of whichever is in force. */
  readonly isNamed: boolean
  readonly preferences?: string | undefined
}

export function policyPage(page: PolicyPage): Html {
  const { reader, controller, history, version, text, rendered, isNamed, preferences } = page
  const { words } = reader
  const base = policyPath(controller.controller, history.policyId)
  const path = isNamed ? versionPath(controller.controller, history.policyId, version.version) : base
  const title = rendered.title ?? plainly(reader, version.title)
  const isForeign = languageOf(text.locale) !== words.language
  const sections = sectionsOf(page)
  const main = html`<div class="title"><h1${isForeign && html` lang="${text.locale}" dir="auto"`}>${title}</h1>
${statement(page)}</div>
${notices(page)}
<nav class="contents" aria-label="${words.onThisPage}"><ul class="plain ways">${[
    { id: 'text', title: words.text },
    ...sections,
  ].map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<article id="text" class="policy-text"${isForeign && html` lang="${text.locale}" dir="auto"`}>
${new Html(rendered.html)}
</article>
${sections.map(
  ({ id, title, content }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>
`,
)}`
  return controllerPage({
    ...{ reader, controller, title, path, main, preferences },
    description: plainly(reader, version.summary),
    alternates: [
      { type: 'application/ld+json', href: `${path}?format=jsonld`, label: words.programs },
      { type: 'application/atom+xml', href: inLanguage(reader, `${base}/feed.atom`), label: words.feed },
    ],
  })
}

/** Version and dates, in one line. */
function statement({ reader, history, version, now }: PolicyPage): Html {
  const { words } = reader
  const standing = standingOf(history, version, now)
  const from = dateOf(reader, version.notBefore)
  const when =
    standing.state === 'current'
      ? words.inForceSince(from)
      : standing.state === 'earlier'
        ? words.wasInForce(from, dateOf(reader, standing.until))
        : standing.state === 'scheduled'
          ? words.inForceFrom(from)
          : words.states.retracted
  return html`<p class="muted">${words.version(version.version)} · ${when} · ${words.publishedOn(dateOf(reader, version.publishedAt))}</p>`
}

/** What a reader has to know before the text: that another version is in force, or comes; that it is in another language. */
function notices({ reader, controller, history, version, text, now }: PolicyPage): Html {
  const { words } = reader
  const standing = standingOf(history, version, now)
  const base = policyPath(controller.controller, history.policyId)
  const current = inForce(history, now)
  const next = nextVersion(history, now)
  const others = version.texts.filter((each) => each.locale !== text.locale)
  const isForeign = languageOf(text.locale) !== words.language
  const notice = (...pieces: readonly Piece[]) => html`<p class="notice">${pieces}</p>`
  const toCurrent = current && html` <a href="${inLanguage(reader, base)}">${words.readCurrent}</a>`
  return html`${
    standing.state === 'earlier'
      ? notice(words.earlierShown, toCurrent)
      : standing.state === 'scheduled'
        ? notice(words.laterShown(dateOf(reader, version.notBefore)), toCurrent)
        : standing.state === 'retracted'
          ? notice(words.retractedShown(dateOf(reader, standing.retractedAt)), toCurrent)
          : next &&
            notice(
              words.nextVersion(next.version, dateOf(reader, next.notBefore)),
              html` <a href="${inLanguage(reader, versionPath(controller.controller, history.policyId, next.version))}">${words.readIt}</a> ·
<a href="${inLanguage(reader, `${base}/diff`, { from: version.version, to: next.version })}">${words.seeChanges}</a>`,
            )
  }
${version.retroactive && notice(words.statedDate(dateOf(reader, version.effectiveFrom)))}
${isForeign && notice(words.textIn(languageName(reader, text.locale)))}
${
  others.length > 0 &&
  html`<p class="muted">${words.alsoIn} ${others.map(
    ({ locale }, i) =>
      html`${i > 0 && ', '}<a href="?lang=${locale}" hreflang="${locale}">${languageName(reader, locale)}</a>`,
  )}</p>`
}`
}

interface Section {
  readonly id: string
  readonly title: string
  readonly content: Piece
}

function sectionsOf(page: PolicyPage): readonly Section[] {
  const { reader, controller, version } = page
  const { words } = reader
  const recipients = recipientsTable(reader, version)
  const cookies = cookiesTable(reader, version)
  const introduced = (introduction: string, content: Html) => html`<p class="muted">${introduction}</p>${content}`
  return [
    version.purposes.length > 0 && {
      id: 'purposes',
      title: words.purposes,
      content: introduced(words.purposesIntroduction, purposesTable(reader, version)),
    },
    recipients && {
      id: 'recipients',
      title: words.recipients,
      content: introduced(words.recipientsIntroduction, recipients),
    },
    cookies && { id: 'cookies', title: words.cookies, content: introduced(words.cookiesIntroduction, cookies) },
    { id: 'versions', title: words.versions, content: introduced(words.versionsIntroduction, versionsTable(page)) },
    controller.glossary.length > 0 && {
      id: 'glossary',
      title: words.glossary,
      content: glossaryList(reader, controller),
    },
    {
      id: 'responsible',
      title: words.responsible,
      content: [
        controllerFacts(reader, controller),
        version.scope.length > 0 && facts([[words.covers, version.scope.join(', ')]]),
      ],
    },
    { id: 'proof', title: words.proof, content: introduced(words.proofIntroduction, proofFacts(page)) },
  ].filter((section) => section !== false && section !== undefined)
}

function versionsTable({ reader, controller, history, version: shown, now }: PolicyPage): Html {
  const { words } = reader
  const base = policyPath(controller.controller, history.policyId)
  return table(
    [words.version('').trim(), words.from, words.whatChanged, words.compare],
    newestFirst(history).map((version) => {
      const { state } = standingOf(history, version, now)
      const name = words.version(version.version)
      const address = versionPath(controller.controller, history.policyId, version.version)
      return [
        html`<a href="${inLanguage(reader, address)}"${version.version === shown.version && html` aria-current="page"`}>${name}</a> <span class="state ${state}">${words.states[state]}</span>`,
        timeElement(reader, version.notBefore),
        version.comparedWith === undefined
          ? words.firstVersion
          : [
              written(reader, version.summary),
              version.level === 'major' && html` <span class="sentence">${words.major}</span>`,
            ],
        version.comparedWith !== undefined &&
          html`<a href="${inLanguage(reader, `${base}/diff`, { from: version.comparedWith, to: version.version })}" aria-label="${`${name}: ${words.compare.toLowerCase()} ${words.compareWith(version.comparedWith)}`}">${words.compareWith(version.comparedWith)}</a>`,
      ]
    }),
  )
}

function proofFacts({ reader, controller, text }: PolicyPage): Html {
  const { words } = reader
  return facts([
    [words.hash, html`<code class="hash">${text.sha256}</code>`],
    [words.file, html`<a href="/v1/texts/${text.sha256}">/v1/texts/${text.sha256.slice(0, 12)}…</a>`],
    [words.log, html`<a href="/log/${controller.controller}/checkpoint">/log/${controller.controller}/checkpoint</a>`],
  ])
}
