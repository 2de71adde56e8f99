/** Proof: asks the ledger for a proof of one answer, and gives it to the reader: to read, to keep, to verify. */
import { Arrived } from '../components/arrived.tsx'
import { Outcome } from '../components/outcome.tsx'
import { type Question, topicQuestion, useQuestion } from '../question/question.ts'
import { QuestionForm } from '../question/question-form.tsx'
import type { Topics } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { contentOf, type ProofContent } from './proof-content.ts'
import { ProofView } from './proof-view.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function ProofPage() {
  const [topics, retry] = useTopics()
  return (
    <Outcome work={topics} retry={retry}>
      {(found) => <Proof topics={found} />}
    </Outcome>
  )
}

interface Got {
  readonly question: Question
  readonly file: File
  readonly content: ProofContent
}

function Proof({ topics }: { readonly topics: Topics }) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const { question: current } = useQuestion()
  const [work, start] = useWork<Got>()
  const ask = (question: Question) =>
    start(async () => {
      const proof = await ledger.askProof(topicQuestion(question))
      // The name has nothing of the person: names of files end up in mails and logs.
      const file = new File([JSON.stringify(proof)], 'proof.json', { type: 'application/json' })
      return { question, file, content: contentOf(proof) }
    })
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      <QuestionForm topics={topics} action={words('getProof')} isBusy={work.state === 'running'} onAsk={ask} />
      <div aria-live="polite">
        <Outcome work={work}>
          {({ question, file, content }) => (
            <Arrived answer={file}>
              {current !== question && <p class="aside">{words('earlier')}</p>}
              <ProofView file={file} content={content} />
            </Arrived>
          )}
        </Outcome>
      </div>
    </>
  )
}
