/**
 * Overview: how many people agreed, refused, withdrew and were asked, by purpose, by day and by how they were asked, and how many a scheduled
 * version will ask again. It shows no person, and is the first page of those who may see none.
 */
import { useRef } from 'preact/hooks'
import type { Statistics } from '../../../shared/server/wire.ts'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import type { Choice } from './choice.ts'
import { CompareSection } from './compare-section.tsx'
import { sumsByTopic, type TopicKey, type TopicSum } from './counted.ts'
import { DaysSection } from './days-section.tsx'
import { Meanings } from './meanings.tsx'
import { PeriodFields } from './period-fields.tsx'
import { ScheduledSection } from './scheduled-section.tsx'
import { TopicsSection } from './topics-section.tsx'
import { useChoice } from './use-choice.ts'
import { useStatistics } from './use-statistics.ts'
import { type NamedTopics, useNamedTopics, useTexts } from './use-texts.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function OverviewPage() {
  const words = useWords(english, swedish)
  const [choice, choose] = useChoice()
  // By channel, because there are few of them: the sums are the same by whatever they are made of.
  const { work, isAsking, again } = useStatistics({ ...choice.period, by: 'channel' })
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      <div class="card">
        <PeriodFields choice={choice} choose={choose} />
      </div>
      <div aria-busy={isAsking}>
        <Outcome work={work} retry={again}>
          {(statistics) => <OverviewView statistics={statistics} choice={choice} choose={choose} />}
        </Outcome>
      </div>
    </>
  )
}

interface OverviewViewProps {
  readonly statistics: Statistics
  readonly choice: Choice
  readonly choose: (changes: Partial<Choice>) => void
}

function OverviewView({ statistics, choice, choose }: OverviewViewProps) {
  const words = useWords(english, swedish)
  const texts = useTexts()
  const formats = useFormats()
  const topics = useNamedTopics()
  const about = useRef<HTMLHeadingElement>(null)
  const { through, k, unopened, unreadableDays = [] } = statistics
  // Without this wait each topic would have its id for a moment, and then its title.
  if (!topics.areSettled) return <Outcome work={{ state: 'running' }}>{() => undefined}</Outcome>
  const sums = sumsByTopic(statistics.rows)
  const topic = choice.topic ?? sums[0]?.topic
  if (through === undefined)
    return (
      <>
        <Notice title={words('noDays')}>
          <p>{words('noDaysNext')}</p>
        </Notice>
        <ScheduledSection statistics={statistics} topics={topics} />
      </>
    )
  return (
    <>
      <p role="status">
        {words('inPeriod', { from: texts.day(statistics.from), to: texts.day(statistics.to) })}{' '}
        {through < statistics.to
          ? `${words('through', { day: texts.day(through) })} ${words('laterDays')}`
          : words('allFinal')}
      </p>
      {unreadableDays.length > 0 && (
        <Notice kind="warning">
          <p>{words('unreadable', { days: formats.list(unreadableDays.map(texts.day)) })}</p>
        </Notice>
      )}
      <TopicsSection
        sums={sums}
        period={statistics}
        topics={topics}
        onTopic={(chosen) => {
          choose({ topic: chosen })
          about.current?.focus()
        }}
      />
      <Meanings k={k} unopened={unopened} />
      <ScheduledSection statistics={statistics} topics={topics} />
      {topic !== undefined && (
        <section aria-labelledby="about-topic">
          <h2 id="about-topic" ref={about} tabIndex={-1}>
            {words('aboutOf', { topic: topics.titleOf(topic) })}
          </h2>
          <TopicField topic={topic} sums={sums} topics={topics} onTopic={(chosen) => choose({ topic: chosen })} />
          <DaysSection key={`days ${topic}`} period={choice.period} topic={topic} title={topics.titleOf(topic)} />
          <CompareSection key={`compared ${topic}`} choice={choice} topic={topic} topics={topics} choose={choose} />
        </section>
      )}
    </>
  )
}

interface TopicFieldProps {
  readonly topic: TopicKey
  readonly sums: readonly TopicSum[]
  readonly topics: NamedTopics
  readonly onTopic: (topic: TopicKey) => void
}

/** Also topics without a number in the period, so that the reader sees that there is none. */
function TopicField({ topic, sums, topics, onTopic }: TopicFieldProps) {
  const words = useWords(english, swedish)
  const keys = new Set([...sums.map((sum) => sum.topic), ...topics.all.map(({ key }) => key), topic])
  return (
    <div class="choosing">
      <Field label={words('topic')}>
        {(control) => (
          <select {...control} value={topic} onChange={(event) => onTopic(event.currentTarget.value)}>
            {[...keys].map((key) => (
              <option key={key} value={key}>
                {[topics.titleOf(key), topics.policyTitleOf(key)].filter(Boolean).join(' – ')}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}
