'use server'

/**
 * Double opt-in. Whoever types an address only asks for a letter to it; the consent stands once somebody who reads that mailbox
 * confirms it. The link is in the letter and nowhere else: no action returns it.
 */
import { randomUUID } from 'node:crypto'
import { type NewEvent, ProblemError } from '@consent-ledger/server'
import { redirect } from 'next/navigation'
import { ledger } from '@/lib/ledger'
import { send } from '@/lib/mail'
import { makeToken, openToken } from '@/lib/mail-link'
import { setting } from '@/lib/settings'

export async function subscribe(form: FormData): Promise<void> {
  const email = String(form.get('email'))
  await ledger().recordEvents({
    ...onNewsletter(email, 'given'),
    shown: [{ noticeToken: String(form.get('noticeToken')) }],
    surface: 'form',
    act: 'button',
  })
  const token = await makeToken('confirm', { email, eventId: randomUUID() }, '2 days')
  await send({
    to: email,
    subject: 'Please confirm our newsletter',
    text: `${setting('SHOP_URL')}/newsletter/confirm?token=${token}\n\nIt was not you? Then do nothing: we will not write again.`,
  })
  redirect('/newsletter?sent=yes')
}

export async function confirm(form: FormData): Promise<void> {
  const link = await openToken('confirm', form.get('token'))
  if (link === undefined) redirect('/newsletter')
  const { email, eventId } = link
  const confirmed: NewEvent = {
    ...onNewsletter(email, 'confirmed'),
    eventId,
    subject: { identifier: { type: 'email', id: email }, assurance: 'confirmed' },
  }
  await ledger()
    .recordEvents(confirmed)
    .catch((error: unknown) => {
      // The link was followed before. It confirms nothing again, least of all after an unsubscription.
      if (!(error instanceof ProblemError && error.code === 'event-conflict')) throw error
    })
  redirect('/newsletter/confirm?done=yes')
}

function onNewsletter(email: string, verb: 'given' | 'confirmed'): NewEvent {
  return {
    subject: { identifier: { type: 'email', id: email } },
    decisions: [{ purposeId: 'newsletter', verb }],
    actor: { role: 'self' },
    channel: 'web',
  }
}
