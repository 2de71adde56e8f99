/** A page for those who accepted the terms in force, or a version that differs from them in nothing of weight. */
import { redirect } from 'next/navigation'
import { ledger } from '@/lib/ledger'
import { currentAccount } from '@/lib/session'

export default async function Account() {
  const account = await currentAccount()
  if (account === undefined) redirect('/signup')
  // Each question is recorded: a shop with more pages asks once a session.
  const { consents } = await ledger().askConsents({
    subject: { type: 'account', id: account },
    policyId: 'general-terms',
  })
  const [terms] = consents
  if (terms?.status !== 'Accepted' || !terms.current) redirect('/signup')
  return <h1>Welcome</h1>
}
