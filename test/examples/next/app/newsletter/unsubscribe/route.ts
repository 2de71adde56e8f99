/** What mail programs post for a click on "unsubscribe" (RFC 8058), and the form of `leave` with them. */
import { ledger } from '@/lib/ledger'
import { openToken } from '@/lib/mail-link'

export async function POST(request: Request): Promise<Response> {
  const link = await openToken('unsubscribe', new URL(request.url).searchParams.get('token'))
  if (link === undefined) return new Response('This link does not work.', { status: 410 })
  await ledger().recordEvents({
    subject: { identifier: { type: 'email', id: link.email } },
    decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }],
    actor: { role: 'self' },
    channel: 'web',
  })
  return new Response('You get no more letters.')
}
