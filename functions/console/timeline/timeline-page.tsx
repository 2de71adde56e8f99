/** Timeline: all that is recorded about a person, as far as the auditor may see it, as a picture and as a table. */

import { useMemo, useState } from 'preact/hooks'
import { Unreadable } from '../answer/unreadable.tsx'
import { Arrived } from '../components/arrived.tsx'
import { Outcome } from '../components/outcome.tsx'
import { type Question, topicQuestion, useQuestion } from '../question/question.ts'
import { QuestionForm } from '../question/question-form.tsx'
import { type Topic, type Topics, topicsOf } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { addressOf } from '../shell/route.ts'
import { useWork } from '../shell/use-work.ts'
import { HistoryView } from './history-view.tsx'
import { type Asked, type Change, marksByTopic } from './lanes.ts'
import { type LaterPage, loadLaterPages } from './later-pages.ts'
import { MoreEvents } from './more-events.tsx'
import { NotHere } from './not-here.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** Events that are asked for at once: the most that the ledger gives. */
const pageSize = 1_000

export function TimelinePage() {
  const [topics, retry] = useTopics()
  return (
    <Outcome work={topics} retry={retry}>
      {(found) => <Timeline topics={found} />}
    </Outcome>
  )
}

interface Answered extends Asked {
  readonly question: Question
}

function Timeline({ topics }: { readonly topics: Topics }) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const { question: current } = useQuestion()
  const [work, start] = useWork<Answered>()
  const all = useMemo(() => topicsOf(topics), [topics])
  const ask = (question: Question) =>
    start(async () => {
      const timeline = await ledger.askTimeline({ ...topicQuestion(question), limit: pageSize })
      return { question, timeline, topic: question.topic, changes: new Map() }
    })
  return (
    <>
      <QuestionForm topics={topics} action={words('show')} isBusy={work.state === 'running'} onAsk={ask} />
      <Outcome work={work}>
        {(answered) => (
          <Arrived answer={answered}>
            {current !== answered.question && <p class="aside">{words('earlier')}</p>}
            <Unreadable entries={answered.timeline.unreadable} />
            {answered.timeline.events.length === 0 && answered.timeline.changes.length === 0 ? (
              <div class="empty">
                <p>{words('nothing')}</p>
                <p>{words('nothingNext')}</p>
              </div>
            ) : (
              <History key={answered.timeline.at + answered.topic} answered={answered} topics={all} />
            )}
            <NotHere />
            <p class="next">
              <a href={addressOf('ask')}>{words('toAsk')}</a> <a href={addressOf('proof')}>{words('toProof')}</a>
            </p>
          </Arrived>
        )}
      </Outcome>
    </>
  )
}

interface HistoryProps {
  readonly answered: Answered
  readonly topics: readonly Topic[]
}

/** The history, with a press that asks for the statuses of the lanes that the question was not about. */
function History({ answered, topics }: HistoryProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<ReadonlyMap<string, readonly Change[]>>()
  const { question, topic } = answered
  const [timeline, setTimeline] = useState(answered.timeline)
  const [loading, load] = useWork<void>()
  const loadPages = (most: number) =>
    load(() => {
      const ask = ({ at, knownAt, after }: LaterPage) =>
        ledger.askTimeline({ ...topicQuestion({ ...question, at, knownAt }), limit: pageSize, after })
      return loadLaterPages(timeline, most, ask, setTimeline)
    })
  const others = useMemo(() => {
    const marks = marksByTopic(timeline.events)
    return topics.filter(({ key }) => key !== topic && marks.has(key))
  }, [timeline, topic, topics])
  const asked = useMemo<Asked>(
    () => (work.state === 'done' ? { timeline, topic, changes: work.value } : { timeline, topic, changes: new Map() }),
    [timeline, topic, work],
  )
  const askOthers = () =>
    start(async () => {
      const found = new Map<string, readonly Change[]>()
      // At the instants of the first answer, so that all lanes are of one moment; one after another, to leave room for others.
      const { at, knownAt } = timeline
      for (const { key } of others) {
        const { changes } = await ledger.askTimeline({
          ...topicQuestion({ ...question, topic: key, at, knownAt }),
          limit: 1,
        })
        found.set(key, changes)
      }
      return found
    })
  return (
    <>
      {timeline.next !== undefined && (
        <MoreEvents
          loaded={timeline.events.length}
          total={timeline.total}
          pageSize={pageSize}
          work={loading}
          onNext={() => loadPages(1)}
          onAll={() => loadPages(Number.POSITIVE_INFINITY)}
        />
      )}
      {/* The time shown begins anew with more events. */}
      <HistoryView key={timeline.events.length} topics={topics} asked={asked}>
        {others.length > 0 && work.state !== 'done' && (
          <Outcome
            work={work}
            retry={askOthers}
            idle={
              <p>
                <button type="button" class="quiet" onClick={askOthers}>
                  {words('more')}
                </button>{' '}
                <span class="aside">{words('moreNote', { count: others.length })}</span>
              </p>
            }
          >
            {() => null}
          </Outcome>
        )}
      </HistoryView>
    </>
  )
}
