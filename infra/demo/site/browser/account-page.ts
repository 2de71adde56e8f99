/** What the parts of the account page share: the client, the notices and the words. */
import type { Consent, Notice } from '../../../../shared/client/client.ts'
import type { BrowserWords } from './words.ts'

export interface AccountPage {
  readonly consent: Consent
  readonly notices: readonly Notice[]
  readonly words: BrowserWords
  readonly locale: string
  /** Titles of purposes, by purposeId: also of those that are in no policy any more. */
  readonly titles: Readonly<Record<string, string>>
  /** The keys of the log, as a C2SP tlog-policy. */
  readonly logPolicy: string
  say(text: string): void
}

/** Title of a purpose or policy in the page's language, or its id. */
export function titleOf(
  { titles, notices, locale }: AccountPage,
  { purposeId, policyId }: { purposeId?: string; policyId?: string },
): string {
  const policy = notices.find((notice) => notice.policyId === policyId)
  return titles[purposeId ?? ''] ?? policy?.title[locale] ?? purposeId ?? policyId ?? ''
}
