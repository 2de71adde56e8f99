/** A failed call in the reader's words: what happened and what to do. The code and the ledger's own detail are below, for whoever helps. */
import { ProblemError } from '../../../shared/server/problem-error.ts'
import { useWords } from '../shell/language.ts'
import { english } from '../shell/words-en.ts'
import { swedish } from '../shell/words-sv.ts'
import { Notice } from './notice.tsx'
import { problemWord } from './problem-words.ts'

export function Problem({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const words = useWords(english, swedish)
  const known = error instanceof ProblemError ? error : undefined
  const detail = known?.problem?.detail ?? (error instanceof Error ? error.message : String(error))
  return (
    <Notice kind="bad">
      <p>{words(problemWord(known?.code), { field: String(known?.field ?? '–') })}</p>
      <details>
        <summary>{words('details')}</summary>
        <p>
          {words('errorCode', { code: known?.code ?? '–' })}
          <br />
          <span lang="en">{detail}</span>
        </p>
      </details>
      {retry && (
        <button type="button" class="quiet" onClick={retry}>
          {words('tryAgain')}
        </button>
      )}
    </Notice>
  )
}
