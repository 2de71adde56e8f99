/** All purposes and policies in the period, each a row with its totals. A row leads to the parts of the page about that topic. */
import { DataTable } from '../components/data-table.tsx'
import { useWords } from '../shell/language.ts'
import { agreedOf, hiddenIn, measures, type TopicKey, type TopicSum } from './counted.ts'
import type { Period } from './period.ts'
import { SaveRows } from './save-rows.tsx'
import { ShareBar } from './share-bar.tsx'
import { csvAmount, type NamedTopics, useTexts } from './use-texts.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** The parts of the page about one topic come after them. */
const topicsAtOnce = 20

export interface TopicsSectionProps {
  readonly sums: readonly TopicSum[]
  readonly period: Period
  readonly topics: NamedTopics
  readonly onTopic: (topic: TopicKey) => void
}

export function TopicsSection({ sums, period, topics, onTopic }: TopicsSectionProps) {
  const words = useWords(english, swedish)
  const texts = useTexts()
  const title = words('allTopics')
  const ofMeasures = measures.map((measure) => words(measure))
  return (
    <section class="figures-table" aria-labelledby="all-topics">
      <h2 id="all-topics">{title}</h2>
      <DataTable
        caption={words('totals')}
        columns={[words('topic'), words('agreedShare'), ...ofMeasures]}
        rows={sums.map(({ topic, amounts }) => [
          <button key="topic" type="button" class="link topic" onClick={() => onTopic(topic)}>
            {topics.titleOf(topic)} <span class="aside">{topics.policyTitleOf(topic) ?? words('policy')}</span>
          </button>,
          <ShareBar key="share" share={agreedOf(amounts)} />,
          ...measures.map((measure) => texts.amount(amounts[measure])),
        ])}
        empty={words('noRows')}
        rowsAtOnce={topicsAtOnce}
      />
      {sums.length > 0 && (
        <SaveRows
          about={['topics']}
          period={period}
          title={title}
          columns={[words('topic'), words('topicId'), ...ofMeasures, words('peopleHidden')]}
          rows={sums.map(({ topic, amounts }) => [
            topics.titleOf(topic),
            topic,
            ...measures.map((measure) => csvAmount(amounts[measure])),
            hiddenIn(amounts)
              .map((measure) => words(measure))
              .join(', '),
          ])}
        />
      )}
    </section>
  )
}
