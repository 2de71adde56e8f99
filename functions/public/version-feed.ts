/**
 * `GET /policies/{controller}/{policyId}/feed.atom`: the versions of a policy as an Atom feed (https://www.rfc-editor.org/rfc/rfc4287). Ids
 * are URNs, so they stay the same when the ledger moves; links are relative to the feed's address.
 */
import type { Controller } from '../../shared/consent/controller.ts'
import { inForce, type PolicyHistory, type PolicyVersion } from '../../shared/consent/policy.ts'
import { type Html, html } from './html.ts'
import { inLanguage, policyPath, versionPath } from './policy-addresses.ts'
import { dateOf, type PublicReader, plainly } from './public-reader.ts'
import { newestFirst, standingOf } from './standing.ts'

/** Entries of a feed: a reader that comes daily misses none. */
const maxEntries = 50

export function versionFeed(reader: PublicReader, controller: Controller, history: PolicyHistory, now: string): string {
  const { words } = reader
  const versions = newestFirst(history)
  const shown = inForce(history, now) ?? versions[0]
  const base = policyPath(controller.controller, history.policyId)
  const name = `${controller.controller}:${history.policyId}`
  const entry = (version: PolicyVersion): Html => {
    const standing = standingOf(history, version, now)
    const updated = standing.state === 'retracted' ? standing.retractedAt : version.publishedAt
    const when =
      standing.state === 'retracted'
        ? words.retractedShown(dateOf(reader, standing.retractedAt))
        : words.inForceFrom(dateOf(reader, version.notBefore))
    const address = inLanguage(reader, versionPath(controller.controller, history.policyId, version.version))
    return html`<entry>
<id>urn:consent-ledger:version:${name}:${version.version}</id>
<title>${plainly(reader, version.title)}: ${words.version(version.version).toLowerCase()}</title>
<published>${version.publishedAt}</published>
<updated>${updated}</updated>
<link rel="alternate" type="text/html" href="${address}"/>
<summary>${when}. ${plainly(reader, version.summary)}</summary>
</entry>
`
  }
  const updated = [...history.versions.map((v) => v.publishedAt), ...history.retractions.map((r) => r.retractedAt)]
  const feed = html`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${words.language}">
<id>urn:consent-ledger:policy:${name}</id>
<title>${words.feedTitle(shown ? plainly(reader, shown.title) : history.policyId, controller.name)}</title>
<updated>${updated.toSorted().at(-1)}</updated>
<author><name>${controller.name}</name></author>
<link rel="self" type="application/atom+xml" href="${inLanguage(reader, `${base}/feed.atom`)}"/>
<link rel="alternate" type="text/html" href="${inLanguage(reader, base)}"/>
${versions.slice(0, maxEntries).map(entry)}</feed>
`.text
  return `<?xml version="1.0" encoding="utf-8"?>\n${feed.replace(notInXml, '')}`
}

/** Characters that XML 1.0 cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets). */
const notInXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu
