/** Shows work in each of its states: nothing yet, waiting, failed, done. */
import type { ComponentChildren } from 'preact'
import { useWords } from '../shell/language.ts'
import type { Work } from '../shell/use-work.ts'
import { english } from '../shell/words-en.ts'
import { swedish } from '../shell/words-sv.ts'
import { Problem } from './problem.tsx'

export interface OutcomeProps<T> {
  readonly work: Work<T>
  readonly children: (value: T) => ComponentChildren
  /** Shown before the work was started. */
  readonly idle?: ComponentChildren
  readonly retry?: () => void
}

export function Outcome<T>({ work, children, idle, retry }: OutcomeProps<T>) {
  const words = useWords(english, swedish)
  if (work.state === 'idle') return <>{idle}</>
  if (work.state === 'running')
    return (
      <p class="busy" role="status">
        {words('loading')}
      </p>
    )
  if (work.state === 'failed') return <Problem error={work.error} {...(retry && { retry })} />
  return <>{children(work.value)}</>
}
