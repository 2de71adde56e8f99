/** What the parts of the account page share: the client, the notices and the words. */
import type { Consent, Notice } from '../../../../shared/client/client.ts'
import type { BrowserWords } from './words.ts'

export interface AccountPage {
  readonly consent: Consent
  readonly notices: readonly Notice[]
  readonly words: BrowserWords
  readonly locale: string
  /** The keys of the log, as a C2SP tlog-policy. */
  readonly logPolicy: string
  say(text: string): void
}

/** Title of a purpose or policy in the page's language, or its id. */
export function titleOf({ notices, locale }: AccountPage, id: { purposeId?: string; policyId?: string }): string {
  const purposes = notices.flatMap(({ purposes }) => purposes)
  const named =
    purposes.find(({ purposeId }) => purposeId === id.purposeId) ??
    notices.find(({ policyId }) => policyId === id.policyId)
  return named?.title[locale] ?? id.purposeId ?? id.policyId ?? ''
}
