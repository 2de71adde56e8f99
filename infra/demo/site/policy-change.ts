/**
 * Shows customers a new version of a policy that they decided on: the difference to their version, and a question for each decision that
 * the change ended. A minor change asks nothing. No answer is preselected, and doing nothing records nothing; the earlier decision stays
 * in the history.
 */

import { type Html, html } from '../../../functions/public/html.ts'
import type { Difference, OwnConsents, VersionAt } from '../../../shared/server/server.ts'
import { differenceView } from './difference.ts'
import { box, type Errors } from './form-fields.ts'
import type { Words } from './language.ts'
import { noticeDetails } from './notice-details.ts'
import { purposeChanges } from './purpose-changes.ts'
import { purposeTitles } from './purpose-titles.ts'
import type { Pages, Site, Visit } from './site.ts'

type Standing = OwnConsents['consents'][number]

interface Change {
  readonly version: VersionAt
  readonly difference: Difference
  /** Titles of the purposes of both versions, by purposeId. */
  readonly titles: Readonly<Record<string, string>>
  /** This version of the terms needs a new acceptance. */
  readonly asksAcceptance: boolean
  /** Consents that this version ended. */
  readonly ended: readonly Standing[]
}

export const changePages: Pages = {
  async 'POST /account/terms'(site, { form, session, words }) {
    if (!session?.account) return { goTo: words.to('/login') }
    const isAccepted = form.get('answer') === 'accepted'
    if (isAccepted && form.get('terms') !== 'yes') return { goTo: words.to('/account', { missing: 'terms' }) }
    await decide(site, session.account, words, form, {
      policyId: 'general-terms',
      verb: isAccepted ? 'accepted' : 'declined',
    })
    return { goTo: words.to('/account') }
  },

  async 'POST /account/purpose'(site, { form, session, words }) {
    if (!session?.account) return { goTo: words.to('/login') }
    const purposeId = form.get('purpose') ?? ''
    await decide(site, session.account, words, form, {
      purposeId,
      verb: form.get('answer') === 'given' ? 'given' : 'refused',
    })
    return { goTo: words.to('/account') }
  },
}

type Decided = {
  readonly verb: 'accepted' | 'declined' | 'given' | 'refused'
  readonly policyId?: string
  readonly purposeId?: string
}

async function decide(
  site: Site,
  account: string,
  { locale }: Words,
  form: URLSearchParams,
  decision: Decided,
): Promise<void> {
  const noticeToken = form.get('notice')
  await site.ledger.recordOwnEvents(
    { token: await site.tokenOf(account) },
    {
      decisions: [decision],
      shown: noticeToken ? [{ noticeToken }] : [],
      channel: 'web',
      surface: 'account',
      act: decision.verb === 'accepted' ? 'checkbox' : 'button',
      control: 'single',
      locale,
      page: `${site.url}/account`,
    },
  )
}

/** What changed since this person decided, policy by policy. */
export async function changesFor(site: Site, consents: readonly Standing[], words: Words): Promise<readonly Change[]> {
  const found = await Promise.all(
    ['general-terms', 'privacy-policy'].map(async (policyId): Promise<Change | undefined> => {
      const version = await site.ledger.getPolicy(policyId)
      const declared = new Set(version.purposes.map(({ purposeId }) => purposeId))
      const policy = consents.find((one) => one.policyId === policyId)
      const ended = consents.filter((one) => declared.has(one.purposeId ?? '') && one.reason === 'policy-changed')
      const isTerms = version.kind === 'terms'
      const from = isTerms ? policy?.status === 'Accepted' && policy.shown : ended[0]?.shown
      if (!from || from === version.version) return undefined
      const difference = await site.ledger.diffVersions(policyId, {
        from,
        to: version.version,
        locale: words.locale,
        by: 'words',
      })
      const titles = await purposeTitles(site, [policyId], words)
      const asksAcceptance = isTerms && policy?.current === false
      return { version, difference, titles, ended: isTerms ? [] : ended, asksAcceptance }
    }),
  )
  return found.filter((change) => change !== undefined)
}

export async function changeView(site: Site, visit: Visit, account: string, change: Change): Promise<Html> {
  const { words } = visit
  const { say, of, day } = words
  const { version, difference, asksAcceptance, ended } = change
  const asks = asksAcceptance || ended.length > 0
  const id = `change-${version.policyId}`
  return html`<section class="card change ${asks && 'asks'}" aria-labelledby="${id}">
<h2 id="${id}">${asks ? say(`${of(version.title)} har ändrats`, `${of(version.title)}: a new version`) : say(`${of(version.title)}: mindre ändringar`, `${of(version.title)}: minor changes`)}</h2>
<p>${say(`Version ${version.version} gäller sedan ${day(version.notBefore)}. Ditt beslut gällde version ${difference.from.version}.`, `Version ${version.version} has been in force since ${day(version.notBefore)}. Your decision was about version ${difference.from.version}.`)} ${of(version.summary)}</p>
${!asks && html`<p>${say('Ditt godkännande gäller fortfarande. Du behöver inte göra något.', 'Your acceptance still applies. You do not need to do anything.')}</p>`}
<details ${asks && html`open`}><summary>${say('Det här är ändrat', 'What changed')}</summary>
${purposeChanges(change.titles, difference, words)}
${differenceView(difference, words)}</details>
${asks && (await questions(site, visit, account, change))}
</section>`
}

async function questions(
  site: Site,
  { words, query }: Visit,
  account: string,
  { version, asksAcceptance, ended }: Change,
): Promise<Html> {
  const { say, of, to } = words
  const notice = await site.ledger.getNotice(
    version.policyId,
    { locale: words.locale },
    { token: await site.tokenOf(account) },
  )
  const token = html`<input type="hidden" name="notice" value="${notice.noticeToken}">`
  const errors: Errors =
    query.get('missing') === 'terms'
      ? { terms: say('Kryssa i rutan för att godkänna.', 'Tick the box to accept.') }
      : {}
  const label = say(`Jag godkänner version ${version.version}`, `I accept version ${version.version}`)
  return html`${noticeDetails(notice, words)}
${
  asksAcceptance &&
  html`<form method="post" action="${to('/account/terms')}" novalidate>${token}
${box({ name: 'terms', label, isTicked: false, errors })}
<p class="actions"><button name="answer" value="accepted">${say('Godkänn', 'Accept')}</button>
<button class="quiet" name="answer" value="declined">${say('Avböj', 'Decline')}</button></p></form>`
}
${ended.map((one) => {
  const purpose = version.purposes.find(({ purposeId }) => purposeId === one.purposeId)
  return (
    purpose &&
    html`<form method="post" action="${to('/account/purpose')}">${token}
<input type="hidden" name="purpose" value="${purpose.purposeId}">
<p><strong>${of(purpose.title)}</strong>. ${of(purpose.description)} ${say('Ditt tidigare ja upphörde när policyn ändrades.', 'Your earlier yes ended when the policy changed.')}</p>
<p class="actions"><button class="quiet" name="answer" value="refused">${say('Nej', 'No')}</button>
<button class="quiet" name="answer" value="given">${say('Ja', 'Yes')}</button></p></form>`
  )
})}`
}
