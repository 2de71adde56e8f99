'use server'

/** The acceptance is recorded here, on the server, with the token of the text that was shown. No record, no account. */
import { randomUUID } from 'node:crypto'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { ledger } from '@/lib/ledger'

export async function signUp(form: FormData): Promise<void> {
  if (form.get('accepted') !== 'yes') redirect('/signup')
  const jar = await cookies()
  const account = jar.get('account')?.value ?? randomUUID()
  await ledger().recordEvents({
    subject: { identifier: { type: 'account', id: account } },
    decisions: [{ policyId: 'general-terms', verb: 'accepted' }],
    shown: [{ noticeToken: String(form.get('noticeToken')) }],
    actor: { role: 'self' },
    channel: 'web',
    surface: 'signup',
    act: 'checkbox',
  })
  // A real shop has sessions; this is the place of its own.
  jar.set('account', account, { httpOnly: true, secure: true, sameSite: 'lax' })
  redirect('/account')
}
