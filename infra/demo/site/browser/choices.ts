/** Lists the account's consents with their status, each with a button that gives or withdraws it. */

import { element } from '../../../../functions/pages/element.ts'
import type { OwnConsents, TopicAnswer } from '../../../../shared/client/client.ts'
import { wordsIn } from '../language.ts'
import { type AccountPage, titleOf } from './account-page.ts'
import { button } from './button.ts'

/** The policy whose consents the account asks for. Newsletter consent belongs to an address, and cookie choices belong to a device. */
const policyId = 'privacy-policy'
const elsewhere = ['newsletter']

export async function showChoices(page: AccountPage, onChange: () => Promise<void>): Promise<void> {
  const { consent, notices, words } = page
  const list = document.querySelector('#choices-list')
  const state = await consent.state()
  const notice = notices.find((one) => one.policyId === policyId)
  if (!list || !state || !notice) return page.say(words.failed)
  const asked = notice.purposes.filter((p) => p.legalBasis === 'consent' && !elsewhere.includes(p.purposeId))
  const rows = asked.flatMap(({ purposeId, description }) => {
    const answer = state.consents.find((one) => one.purposeId === purposeId)
    const joint = state.joint?.consents.find((one) => one.purposeId === purposeId)
    return answer ? [row(page, answer, description[page.locale] ?? '', onChange, joint)] : []
  })
  list.replaceChildren(...rows)
}

type Joint = NonNullable<OwnConsents['joint']>['consents'][number]

function row(
  page: AccountPage,
  answer: TopicAnswer,
  description: string,
  onChange: () => Promise<void>,
  joint?: Joint,
): HTMLElement {
  const { consent, words } = page
  const { day } = wordsIn(page.locale === 'en' ? 'en' : 'sv')
  const { purposeId = '', status, permittedByConsent, endsAt } = answer
  const title = titleOf(page, { purposeId })
  const until = permittedByConsent && endsAt ? ` ${words.until(day(endsAt))}` : ''
  const change = button(permittedByConsent ? words.withdraw : words.give, title, async () => {
    const how = { surface: 'account', act: 'button', control: 'single' } as const
    const { receipt } = permittedByConsent
      ? consent.withdraw([purposeId], how)
      : consent.record({ [purposeId]: true }, { ...how, shown: [policyId] })
    const isRecorded = (await receipt) !== undefined
    await showChoices(page, onChange)
    await onChange()
    page.say(isRecorded ? (permittedByConsent ? words.withdrawn(title) : words.given(title)) : words.failed)
    // The rows were replaced, so the focus goes to the new button of the same purpose.
    document.querySelector<HTMLElement>(`[data-purpose="${purposeId}"] button`)?.focus()
  })
  return element(
    'div',
    { class: 'choice', 'data-purpose': purposeId },
    element('div', {}, element('h3', {}, title), element('p', {}, description)),
    element('p', { class: 'status', 'data-status': status }, `${words.statuses[status] ?? status}${until}`),
    ...(joint?.contradiction
      ? [element('p', {}, words.contradiction(words.statuses[joint.status] ?? joint.status))]
      : []),
    change,
  )
}
