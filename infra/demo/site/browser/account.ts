/**
 * The account's page in the browser: the SDK with the account's token shows what stands and changes it, and hands out the receipts.
 * The site's server has no part in it.
 */
import { type Consent, type Notice, openConsent } from '../../../../shared/client/client.ts'
import { showChoices } from './choices.ts'
import { showHistory } from './history.ts'
import { type BrowserWords, english, swedish } from './words.ts'

export interface AccountPage {
  readonly consent: Consent
  readonly notices: readonly Notice[]
  readonly words: BrowserWords
  readonly locale: string
  /** The keys of the log, as a C2SP tlog-policy. */
  readonly logPolicy: string
  say(text: string): void
}

const policyIds = ['privacy-policy', 'general-terms', 'cookie-policy']

const root = document.querySelector<HTMLElement>('#account')
if (root) open(root)

async function open({ dataset }: HTMLElement): Promise<void> {
  const { url = '', key = '', token, locale = 'sv-SE', logPolicy = '' } = dataset
  const words = locale === 'en' ? english : swedish
  const status = document.querySelector('#account-status')
  const say = (text: string) => {
    if (status) status.textContent = text
  }
  const consent = openConsent({ url, key, locale, token: () => token, onError: () => say(words.failed) })
  const notices = (await Promise.all(policyIds.map((id) => consent.notice(id)))).filter(
    (notice) => notice !== undefined,
  )
  const page: AccountPage = { consent, notices, words, locale, logPolicy, say }
  await Promise.all([showChoices(page, () => showHistory(page)), showHistory(page)])
}

export function titleOf({ notices, locale }: AccountPage, id: { purposeId?: string; policyId?: string }): string {
  const purposes = notices.flatMap(({ purposes }) => purposes)
  const named =
    purposes.find(({ purposeId }) => purposeId === id.purposeId) ??
    notices.find(({ policyId }) => policyId === id.policyId)
  return named?.title[locale] ?? id.purposeId ?? id.policyId ?? ''
}
