/** What a file does not show: said first, so that no reader stops at "valid". Entries that the log lacks come before everything else. */
import type { Step, Verification } from '../../../shared/verify/verification.ts'
import { Notice } from '../components/notice.tsx'
import { useWords } from '../shell/language.ts'
import { isProven } from './found.ts'
import { useSentence } from './use-sentence.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** A file with many receipts has many notes, most of them the same. */
const maxNotes = 20

export function NotShown({ verification }: { readonly verification: Verification }) {
  const words = useWords(english, swedish)
  const sentenceOf = useSentence()
  if (!isProven(verification)) {
    return (
      <Notice kind="warning" title={words('notShown')}>
        <p>{words('nothingShown')}</p>
      </Notice>
    )
  }
  const { pending = [] } = verification
  const notes = notesOf(verification)
  if (notes.length === 0) return null
  return (
    <Notice kind="warning" title={words('notShown')}>
      {pending.length > 0 && (
        <p>
          <strong>{words('pendingTitle', { count: pending.length })}.</strong> {words('pendingNext')}
        </p>
      )}
      <ul class="notes">
        {notes.slice(0, maxNotes).map((note) => (
          <li key={note.says}>{sentenceOf(note.said)}</li>
        ))}
      </ul>
      {notes.length > maxNotes && <p>{words('moreNotes', { count: notes.length - maxNotes })}</p>}
    </Notice>
  )
}

/** Each sentence once. */
function notesOf({ steps, receipts = [] }: Verification): readonly Step[] {
  const all = [...steps, ...receipts.flatMap((receipt) => receipt.steps)].filter(({ outcome }) => outcome === 'note')
  const once = [...new Map(all.map((note) => [note.says, note])).values()]
  const isPending = ({ step }: Step) => step === 'pending'
  return [...once.filter(isPending), ...once.filter((note) => !isPending(note))]
}
