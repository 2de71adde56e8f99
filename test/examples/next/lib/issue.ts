/** An issue of the newsletter, to those whose consent stands now. Whom the ledger cannot answer for gets none. */
import 'server-only'
import { randomUUID } from 'node:crypto'
import { ledger } from './ledger'
import { send } from './mail'
import { makeToken } from './mail-link'
import { setting } from './settings'

/** Says how many got it. */
export async function sendIssue(text: string, emails: readonly string[]): Promise<number> {
  let sent = 0
  for (const email of emails) {
    const { consents } = await ledger().askConsents({ subject: { type: 'email', id: email }, purposeId: 'newsletter' })
    if (consents[0]?.permittedByConsent !== true) continue
    const query = `token=${await makeToken('unsubscribe', { email, eventId: randomUUID() })}`
    const unsubscribe = `${setting('SHOP_URL')}/newsletter/unsubscribe?${query}`
    await send({
      to: email,
      subject: 'News',
      text: `${text}\n\nUnsubscribe: ${setting('SHOP_URL')}/newsletter/leave?${query}`,
      headers: { 'list-unsubscribe': `<${unsubscribe}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' },
    })
    sent += 1
  }
  return sent
}
