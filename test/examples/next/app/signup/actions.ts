'use server'

/** The acceptance is recorded here, on the server, with the token of the text that was shown. No record, no account. */
import { randomUUID } from 'node:crypto'
import { redirect } from 'next/navigation'
import { ledger } from '@/lib/ledger'
import { beginSession, currentAccount } from '@/lib/session'

export async function signUp(form: FormData): Promise<void> {
  if (form.get('accepted') !== 'yes') redirect('/signup')
  const account = (await currentAccount()) ?? randomUUID()
  await ledger().recordEvents({
    subject: { identifier: { type: 'account', id: account } },
    decisions: [{ policyId: 'general-terms', verb: 'accepted' }],
    shown: [{ noticeToken: String(form.get('noticeToken')) }],
    actor: { role: 'self' },
    channel: 'web',
    surface: 'signup',
    act: 'checkbox',
  })
  await beginSession(account)
  redirect('/account')
}
