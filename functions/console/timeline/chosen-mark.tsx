/** What the chosen mark stands for: the facts of its event, or of a group how many there are of each kind. */
import { localText } from '../../../shared/consent/language.ts'
import { named } from '../answer/named.ts'
import { english as answerEnglish } from '../answer/words-en.ts'
import { swedish as answerSwedish } from '../answer/words-sv.ts'
import type { Topic } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { CompletionFacts } from './completion-facts.tsx'
import { Decisions, HowFacts, TextFacts, WhenFacts } from './event-facts.tsx'
import type { Lane } from './lanes.ts'
import type { Cluster } from './pixels.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ChosenMarkProps {
  readonly topics: readonly Topic[]
  readonly lane: Lane | undefined
  /** The group that is drawn at the chosen place. */
  readonly cluster: Cluster | undefined
  /** Does what a press of the mark does. */
  readonly onOpen: (lane: Lane, cluster: Cluster) => void
}

export function ChosenMark({ topics, lane, cluster, onOpen }: ChosenMarkProps) {
  const words = useWords(english, swedish)
  return (
    <aside class="chosen-mark" aria-label={words('chosen')}>
      {lane && cluster ? (
        <>
          <Facts lane={lane} cluster={cluster} topics={topics} />
          <button type="button" class="link" onClick={() => onOpen(lane, cluster)}>
            {words(cluster.first === cluster.last ? 'openOne' : 'openMany')}
          </button>
        </>
      ) : (
        <p class="aside">{words('chosenNone')}</p>
      )}
    </aside>
  )
}

interface FactsProps {
  readonly lane: Lane
  readonly cluster: Cluster
  readonly topics: readonly Topic[]
}

function Facts({ lane, cluster: { first, last }, topics }: FactsProps) {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const formats = useFormats()
  const language = useLanguage()
  const [from, until] = [lane.marks[first], lane.marks[last]]
  if (from === undefined || until === undefined) return null
  if (first === last)
    return (
      <>
        <Decisions decisions={[from.decision]} topics={topics} />
        <CompletionFacts event={from.event} topics={topics} />
        <p>
          <WhenFacts event={from.event} />
        </p>
        <p>
          <HowFacts event={from.event} topics={topics} />
        </p>
        <TextFacts event={from.event} topics={topics} />
      </>
    )
  const instant = (at: number) => formats.instant(new Date(at).toISOString())
  const counts = new Map<string, number>()
  for (const { decision } of lane.marks.slice(first, last + 1))
    counts.set(decision.verb, (counts.get(decision.verb) ?? 0) + 1)
  return (
    <>
      <p>
        <strong>{localText(lane.topic.title, language)}</strong>
        <br />
        {words('cluster', { count: last - first + 1, from: instant(from.at), until: instant(until.at) })}
      </p>
      <ul class="plain">
        {[...counts].map(([verb, count]) => (
          <li key={verb}>
            {named(answerWords, 'verb', verb)}: {formats.number(count)}
          </li>
        ))}
      </ul>
    </>
  )
}
