/** Where the letter's link leads. Mail scanners follow links, so following it does nothing yet: the button does. */
import { openToken } from '@/lib/mail-link'
import { confirm } from '../actions'

interface Query {
  readonly token?: string
  readonly done?: string
}

export default async function Confirm({ searchParams }: { searchParams: Promise<Query> }) {
  const { token, done } = await searchParams
  if (done) return <p>Thank you: your address is confirmed.</p>
  if ((await openToken('confirm', token)) === undefined) return <p>This link does not work any more.</p>
  return (
    <form action={confirm}>
      <input type="hidden" name="token" value={token} />
      <button type="submit">Yes, send me the newsletter</button>
    </form>
  )
}
