/** Sign-up: the terms in force, read and accepted on one page. */
import { ledger } from '@/lib/ledger'
import { signUp } from './actions'

/** A notice token is of one serving. */
export const dynamic = 'force-dynamic'

export default async function SignUp() {
  const { version, text, noticeToken } = await ledger().getNotice('general-terms', { locale: 'en' })
  return (
    <form action={signUp}>
      <h1>Sign up</h1>
      <article lang={text.locale}>{text.text}</article>
      <input type="hidden" name="noticeToken" value={noticeToken} />
      <label>
        <input type="checkbox" name="accepted" value="yes" required /> I accept version {version}
      </label>
      <button type="submit">Sign up</button>
    </form>
  )
}
