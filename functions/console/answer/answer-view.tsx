/** The ledger's answer about one purpose or policy. */
import type { Consents, Timeline } from '../../../shared/server/wire.ts'
import type { Question } from '../question/question.ts'
import type { Topic } from '../question/topics.ts'
import { useSession } from '../shell/ledger.ts'
import { FindingView } from './finding-view.tsx'
import { JointAnswer } from './joint-answer.tsx'
import { Unreadable } from './unreadable.tsx'

export interface AnswerViewProps {
  /** The answer on the topic; the joint one with it. */
  readonly status: Consents
  /** The history on the same question, among whose events is the deciding one. */
  readonly timeline: Timeline
  readonly topic: Topic
  readonly question: Question
}

export function AnswerView({ status, timeline, topic, question }: AnswerViewProps) {
  const { controller } = useSession()
  const answer = status.consents[0]
  if (answer === undefined) return null
  return (
    <FindingView
      answer={answer}
      topic={topic}
      at={status.at}
      events={timeline.events}
      changes={timeline.changes}
      knownAt={question.knownAt}
      controller={controller}
      ownSentence={{ text: answer.sentence, lang: status.language ?? 'en' }}
    >
      <Unreadable entries={status.unreadable} />
      <JointAnswer status={status} timeline={timeline} topic={topic} />
    </FindingView>
  )
}
