/** Ask: what was recorded about a person, on one purpose or policy, at an instant. */
import type { Consents, Timeline } from '../../../shared/server/wire.ts'
import { AnswerView } from '../answer/answer-view.tsx'
import { Arrived } from '../components/arrived.tsx'
import { Outcome } from '../components/outcome.tsx'
import { type Question, topicQuestion, useQuestion } from '../question/question.ts'
import { QuestionForm } from '../question/question-form.tsx'
import { type Topics, topicsOf } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { addressOf } from '../shell/route.ts'
import { useWork } from '../shell/use-work.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function AskPage() {
  const words = useWords(english, swedish)
  const [topics, retry] = useTopics()
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      <Outcome work={topics} retry={retry}>
        {(found) => <Ask topics={found} />}
      </Outcome>
    </>
  )
}

interface Answered {
  readonly question: Question
  readonly status: Consents
  readonly timeline: Timeline
}

function Ask({ topics }: { readonly topics: Topics }) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<Answered>()
  const ask = (question: Question) =>
    start(async () => {
      const sent = topicQuestion(question)
      // The answer on the status has no times and no circumstances; those come from the timeline. The person sees two reads.
      const [status, timeline] = await Promise.all([ledger.askConsents(sent), ledger.askTimeline(sent)])
      return { question, status, timeline }
    })
  return (
    <>
      <QuestionForm topics={topics} action={words('ask')} isBusy={work.state === 'running'} onAsk={ask} />
      <div aria-live="polite">
        <Outcome work={work}>
          {(answered) => (
            <Arrived answer={answered}>
              <Answer topics={topics} {...answered} />
            </Arrived>
          )}
        </Outcome>
      </div>
    </>
  )
}

function Answer({ topics, question, status, timeline }: Answered & { readonly topics: Topics }) {
  const words = useWords(english, swedish)
  const { question: current } = useQuestion()
  const topic = topicsOf(topics).find(({ key }) => key === question.topic)
  if (topic === undefined || status.consents.length === 0) return <p class="empty">{words('nothing')}</p>
  return (
    <>
      {current !== question && <p class="aside">{words('earlier')}</p>}
      <AnswerView status={status} timeline={timeline} topic={topic} question={question} />
      <p class="next">
        <a href={addressOf('timeline')}>{words('seeTimeline')}</a> <a href={addressOf('proof')}>{words('getProof')}</a>
      </p>
    </>
  )
}
