import Link from 'next/link'

export default function Home() {
  return (
    <nav>
      <Link href="/signup">Sign up</Link> <Link href="/newsletter">Newsletter</Link>
    </nav>
  )
}
