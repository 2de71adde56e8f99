/**
 * The account page in the browser: with the account's token, the SDK shows and changes the account's consents and lists its receipts. It
 * calls the ledger directly, not the site's server.
 */
import { openConsent } from '../../../../shared/client/client.ts'
import { withLinks } from '../../../../shared/client/link.ts'
import type { AccountPage } from './account-page.ts'
import { showChoices } from './choices.ts'
import { showHistory } from './history.ts'
import { english, swedish } from './words.ts'

const linkText = 'privacy-policy'
const policyIds = ['privacy-policy', 'general-terms', 'cookie-policy']

const root = document.querySelector<HTMLElement>('#account')
if (root) open(root)

async function open({ dataset }: HTMLElement): Promise<void> {
  const { url = '', key = '', token, locale = 'sv-SE', logPolicy = '', titles = '{}' } = dataset
  const words = locale === 'en' ? english : swedish
  const status = document.querySelector('#account-status')
  const say = (text: string) => {
    if (status) status.textContent = text
  }
  const consent = openConsent({ url, key, locale, token: () => token, onError: () => say(words.failed) })
  const notices = (await Promise.all(policyIds.map((id) => consent.notice(id)))).filter(
    (notice) => notice !== undefined,
  )
  // The log-in page has said what this does, in the text that was published for it.
  if (token) await withLinks(consent, { url, key }).link(token, { shown: [linkText], presentationId: 'account-link' })
  const page: AccountPage = { consent, notices, words, locale, logPolicy, titles: JSON.parse(titles), say }
  await Promise.all([showChoices(page, () => showHistory(page)), showHistory(page)])
}
