/** Says why there is no sample to work on: the answer was refuted, or the ledger refused to answer. The first is an accusation. */
import { Notice } from '../components/notice.tsx'
import { LogProblem } from '../log/log-problem.tsx'
import { useWords } from '../shell/language.ts'
import { useSentence } from '../verify/use-sentence.ts'
import { SampleRefuted } from './drawn-sample.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function SampleProblem({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const words = useWords(english, swedish)
  const sentenceOf = useSentence()
  if (!(error instanceof SampleRefuted)) return <LogProblem error={error} {...(retry && { retry })} />
  return (
    <Notice kind="bad" title={words('refuted')}>
      <p>{words('refutedNext')}</p>
      <p>{sentenceOf(error.failed)}</p>
    </Notice>
  )
}
