/** `GET /policies/{controller}`: the policies of a controller, and who that is. */
import type { Controller } from '../../shared/consent/controller.ts'
import { inForce, type PolicyHistory } from '../../shared/consent/policy.ts'
import { controllerFacts, glossaryList } from './controller-facts.ts'
import { controllerPage } from './controller-page.ts'
import { type Html, html } from './html.ts'
import { inLanguage, policiesPath, policyPath } from './policy-addresses.ts'
import { type PublicReader, timeElement, written } from './public-reader.ts'
import { newestFirst } from './standing.ts'

export interface PoliciesPage {
  readonly reader: PublicReader
  readonly controller: Controller
  readonly policies: readonly PolicyHistory[]
  /** RFC 3339. */
  readonly now: string
  readonly preferences?: string | undefined
}

export function policiesPage({ reader, controller, policies, now, preferences }: PoliciesPage): Html {
  const { words } = reader
  const path = policiesPath(controller.controller)
  const title = words.policiesOf(controller.name)
  const shown = policies.filter(({ versions }) => versions.length > 0)
  const main = html`<h1>${title}</h1>
${shown.length === 0 && html`<p>${words.noPolicies}</p>`}
<ul class="cards">${shown.map((history) => {
    const current = inForce(history, now)
    const version = current ?? newestFirst(history)[0]
    const address = policyPath(controller.controller, history.policyId)
    return html`<li><h2><a href="${inLanguage(reader, address)}">${written(reader, version?.title)}</a></h2>
<p class="muted">${version && words.kinds[version.kind]}${
      current
        ? html` · ${words.version(current.version)} · ${words.inForceSince('')}${timeElement(reader, current.notBefore)}`
        : html` · ${words.notInForceYet}`
    }</p></li>
`
  })}</ul>
<section aria-labelledby="responsible"><h2 id="responsible">${words.responsible}</h2>
${controllerFacts(reader, controller)}</section>
${
  controller.glossary.length > 0 &&
  html`<section aria-labelledby="glossary"><h2 id="glossary">${words.glossary}</h2>
${glossaryList(reader, controller)}</section>`
}`
  return controllerPage({ reader, controller, title: words.policies, description: title, path, main, preferences })
}
