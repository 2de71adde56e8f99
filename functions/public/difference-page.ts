/**
 * `GET /policies/{controller}/{policyId}/diff?from=&to=`: what changed between two versions, in words for people. The texts are compared word
 * by word and shown line by line; long unchanged parts are folded.
 */
import type { Controller } from '../../shared/consent/controller.ts'
import { type PurposeDifference, purposeDifference } from '../../shared/consent/difference.ts'
import type { PolicyVersion } from '../../shared/consent/policy.ts'
import type { TextDifference } from '../../shared/consent/text-difference.ts'
import { changedLines, type Line } from './changed-lines.ts'
import { controllerPage } from './controller-page.ts'
import { fieldNames } from './field-names.ts'
import { type Html, html } from './html.ts'
import { inLanguage, policyPath, versionPath } from './policy-addresses.ts'
import { dateOf, type PublicReader, plainly, written } from './public-reader.ts'

export interface DifferencePage {
  readonly reader: PublicReader
  readonly controller: Controller
  readonly before: PolicyVersion
  readonly after: PolicyVersion
  /** Language of the texts that were compared. */
  readonly locale: string
  readonly difference: readonly TextDifference[]
  readonly preferences?: string | undefined
}

export function differencePage(page: DifferencePage): Html {
  const { reader, controller, before, after, locale, difference, preferences } = page
  const { words } = reader
  const base = policyPath(controller.controller, after.policyId)
  const query = { from: before.version, to: after.version }
  const title = words.difference(before.version, after.version)
  const purposes = purposeDifference(before, after)
  const isSame = difference.every(({ kind }) => kind === 'same')
  const toVersion = ({ version, notBefore }: PolicyVersion) =>
    html`<a href="${inLanguage(reader, versionPath(controller.controller, after.policyId, version))}">${words.version(version)}</a> (${dateOf(reader, notBefore)})`
  const main = html`<h1>${title}</h1>
<p class="muted">${written(reader, after.title)} · ${toVersion(before)} → ${toVersion(after)}</p>
<p>${written(reader, after.summary)}</p>
<p class="legend">${words.differenceIntroduction} <ins>${words.added}</ins> <del>${words.removed}</del></p>
${
  purposes.length > 0 &&
  html`<section aria-labelledby="purposes"><h2 id="purposes">${words.changedPurposes}</h2>
<ul>${purposes.map((each) => html`<li>${changedPurpose(page, each)}</li>`)}</ul></section>`
}
<section aria-labelledby="text"><h2 id="text">${words.textChanges}</h2>
${isSame ? html`<p>${words.unchanged}</p>` : html`<div class="difference" lang="${locale}" dir="auto">${changedLines(difference).map((part) => ('folded' in part ? folded(reader, part.folded) : line(part)))}</div>`}
</section>
<p><a href="${inLanguage(reader, base)}">${words.backTo(plainly(reader, after.title))}</a> ·
<a href="${inLanguage(reader, `${base}/diff`, { from: after.version, to: before.version })}">${words.swap}</a></p>`
  const description = `${plainly(reader, after.title)}: ${title}`
  return controllerPage({ reader, controller, title, description, path: `${base}/diff`, query, main, preferences })
}

function changedPurpose(
  { reader, before, after }: DifferencePage,
  { purposeId, kind, fields }: PurposeDifference,
): Html {
  const { words } = reader
  const purpose = [...after.purposes, ...before.purposes].find((each) => each.purposeId === purposeId)
  const reason = after.changes.find((change) => change.purposeId === purposeId)?.reason
  const names = fieldNames[words.language === 'sv' ? 'sv' : 'en']
  return html`<strong>${written(reader, purpose?.title)}</strong>: ${words.purposeKinds[kind]}${
    fields.length > 0 && html`. ${words.changesIn(fields.map((field) => names[field] ?? field).join(', '))}`
  }${reason !== undefined && html`. ${words.reason}: ${reason}`}`
}

const tags = { added: 'ins', removed: 'del' } as const

function line({ isHeading, parts }: Line): Html {
  const words = parts.map(({ kind, text }) => {
    if (kind === 'same') return html`${text}`
    return tags[kind] === 'ins' ? html`<ins>${text}</ins>` : html`<del>${text}</del>`
  })
  return isHeading ? html`<p class="heading">${words}</p>\n` : html`<p>${words}</p>\n`
}

function folded({ words }: PublicReader, lines: readonly Line[]): Html {
  return html`<details><summary lang="${words.language}">… ${lines.length} ${words.unchangedParts}</summary>${lines.map(line)}</details>`
}
