/** What the person and those that they are linked with amount to together, in a sentence of its own. */
import type { Consents, Timeline } from '../../../shared/server/wire.ts'
import { Notice } from '../components/notice.tsx'
import type { Topic } from '../question/topics.ts'
import { useWords } from '../shell/language.ts'
import { isWord, named } from './named.ts'
import { useSentence } from './sentence.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface JointAnswerProps {
  readonly status: Consents
  readonly timeline: Timeline
  readonly topic: Topic
}

export function JointAnswer({ status, timeline, topic }: JointAnswerProps) {
  const words = useWords(english, swedish)
  const sentence = useSentence()
  const answer = status.joint?.consents[0]
  if (status.joint === undefined || answer === undefined) return null
  const changes = timeline.joint?.changes ?? []
  const isSame = answer.status === status.consents[0]?.status
  return (
    <Notice kind={answer.contradiction ? 'warning' : 'info'} title={words('joint')}>
      <p>{words('jointNote', { count: status.joint.links.length })}</p>
      <p>
        <strong>{named(words, 'status', answer.status)}.</strong>{' '}
        {sentence(answer, { topic, at: status.at, events: timeline.events, changes })}{' '}
        {isWord(`reason-${answer.reason}`) && named(words, 'reason', answer.reason)}
      </p>
      {isSame && <p>{words('jointSame')}</p>}
      {answer.contradiction && <p>{words('contradiction')}</p>}
    </Notice>
  )
}
