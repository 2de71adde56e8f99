/** The unsubscribe link of a letter, for people: one button. */
export default async function Leave({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token = '' } = await searchParams
  return (
    <form method="post" action={`/newsletter/unsubscribe?token=${encodeURIComponent(token)}`}>
      <button type="submit">Stop the newsletter</button>
    </form>
  )
}
