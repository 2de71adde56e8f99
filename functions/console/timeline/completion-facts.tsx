/** What receivers that were told of an event did: who reported that it acted, and who has not reported. */
import { localText } from '../../../shared/consent/language.ts'
import type { Topic } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { type Decision, type RecordedEvent, topicKeyOf } from './lanes.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface CompletionFactsProps {
  readonly event: Pick<RecordedEvent, 'decisions' | 'completions' | 'notReported'>
  readonly topics: readonly Topic[]
}

/** Nothing for an event that no receiver had to report on. */
export function CompletionFacts({ event, topics }: CompletionFactsProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { decisions, completions = [], notReported = [] } = event
  if (completions.length + notReported.length === 0) return null
  // Messages are about one decision each, so an event with several needs to say about which.
  const about = (target: Pick<Decision, 'purposeId' | 'policyId'>) => {
    const topic = topics.find(({ key }) => key === topicKeyOf(target))
    return {
      several: decisions.length > 1 && topic ? 'yes' : 'no',
      topic: topic ? localText(topic.title, language) : '',
    }
  }
  return (
    <ul class="plain">
      {completions.map(({ endpoint, part, completedAt, reportedAt, reportLeaf, ...target }) => (
        <li key={`${endpoint} ${part}`}>
          {words('acted', { ...about(target), endpoint, at: formats.instant(completedAt) })}
          <span class="aside line">
            {reportLeaf === undefined
              ? words('actedReported', { at: formats.instant(reportedAt) })
              : words('actedLogged', { at: formats.instant(reportedAt), leaf: reportLeaf })}
          </span>
        </li>
      ))}
      {notReported.map(({ endpoint, deliveredAt, dueAt, isLate, ...target }) => (
        <li key={`${endpoint} ${topicKeyOf(target)}`}>
          {words(isLate ? 'reportOverdue' : 'reportDue', { ...about(target), endpoint, at: formats.instant(dueAt) })}
          <span class="aside line">{words('toldAt', { at: formats.instant(deliveredAt) })}</span>
        </li>
      ))}
    </ul>
  )
}
