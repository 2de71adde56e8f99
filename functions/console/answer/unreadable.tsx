/** Says that part of what is recorded cannot be read, and what that means. */
import type { Consents } from '../../../shared/server/wire.ts'
import { Notice } from '../components/notice.tsx'
import { useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function Unreadable({ entries = [] }: { readonly entries: Consents['unreadable'] }) {
  const words = useWords(english, swedish)
  const count = entries.reduce((sum, entry) => sum + (entry.code === 'more-unreadable' ? entry.count : 1), 0)
  if (count === 0) return null
  return (
    <Notice kind="warning" title={words('unreadable', { count })}>
      <p>{words('unreadableNext')}</p>
    </Notice>
  )
}
