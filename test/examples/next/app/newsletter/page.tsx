/** The newsletter's form. Who declares the purpose says what the letters are about: this is what was shown. */
import { ledger } from '@/lib/ledger'
import { subscribe } from './actions'

export const dynamic = 'force-dynamic'

export default async function Newsletter({ searchParams }: { searchParams: Promise<{ sent?: string }> }) {
  // The same to everybody: it does not reveal who was subscribed before.
  if ((await searchParams).sent) return <p>Look into your mailbox: we sent a letter to confirm your address.</p>
  const { purposes, noticeToken } = await ledger().getNotice('privacy-policy', { locale: 'en' })
  return (
    <form action={subscribe}>
      <p>{purposes.find(({ purposeId }) => purposeId === 'newsletter')?.description.en}</p>
      <input type="hidden" name="noticeToken" value={noticeToken} />
      <label>
        E-mail <input type="email" name="email" required />
      </label>
      <button type="submit">Subscribe</button>
    </form>
  )
}
