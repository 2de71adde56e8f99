/** Letters, by whatever sends them for you. */
import 'server-only'
import { setting } from './settings'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

export async function send(mail: Mail): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(mail) }
  const answer = await fetch(setting('MAIL_URL'), init)
  if (!answer.ok) throw new Error(`the mail service answered ${answer.status}`)
}
