/** One topic day by day: its totals, the chart, and the same numbers as a table and as a file. */
import { useMemo } from 'preact/hooks'
import type { Statistics } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useWords } from '../shell/language.ts'
import { amountsOf, type Day, everyDay, hiddenIn, measures, questionAbout, sumOf, type TopicKey } from './counted.ts'
import { DaysChart } from './days-chart.tsx'
import type { Period } from './period.ts'
import { SaveRows } from './save-rows.tsx'
import { useStatistics } from './use-statistics.ts'
import { csvAmount, useTexts } from './use-texts.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface DaysSectionProps {
  readonly period: Period
  readonly topic: TopicKey
  readonly title: string
}

export function DaysSection({ period, topic, title }: DaysSectionProps) {
  const words = useWords(english, swedish)
  const { work, isAsking, again } = useStatistics({ ...period, by: 'day', ...questionAbout(topic) })
  return (
    <section class="figures-table" aria-labelledby="by-day" aria-busy={isAsking}>
      <h3 id="by-day">{words('dayByDay')}</h3>
      <Outcome work={work} retry={again}>
        {(statistics) => <DaysView statistics={statistics} topic={topic} title={title} />}
      </Outcome>
    </section>
  )
}

interface DaysViewProps extends Omit<DaysSectionProps, 'period'> {
  readonly statistics: Statistics
}

function DaysView({ statistics, topic, title }: DaysViewProps) {
  const words = useWords(english, swedish)
  const texts = useTexts()
  const days = useMemo(() => everyDay(statistics), [statistics])
  const total = useMemo(() => sumOf(statistics.rows.map(amountsOf)), [statistics])
  const ofMeasures = measures.map((measure) => words(measure))
  const hiddenOf = ({ amounts }: Day) =>
    amounts === undefined
      ? words('unreadableDay')
      : hiddenIn(amounts)
          .map((measure) => words(measure))
          .join(', ')
  if (statistics.rows.length === 0) return <p class="empty">{words('noRows')}</p>
  return (
    <>
      <dl class="figures">
        {measures.map((measure) => (
          <div key={measure}>
            <dt>{words(measure)}</dt>
            <dd>{texts.amount(total[measure])}</dd>
          </div>
        ))}
      </dl>
      {days.length > 1 && <DaysChart title={title} days={days} />}
      <details>
        <summary>{words('daysTable', { count: days.length })}</summary>
        <DataTable
          caption={words('daysOf', { topic: title })}
          columns={[words('day'), ...ofMeasures]}
          rows={days
            .toReversed()
            .map(({ day, amounts }) => [
              texts.day(day),
              ...measures.map((measure) => (amounts ? texts.amount(amounts[measure]) : words('unknown'))),
            ])}
          empty={words('noRows')}
        />
      </details>
      <SaveRows
        about={[topic, 'days']}
        period={statistics}
        title={words('daysOf', { topic: title })}
        columns={[words('day'), ...ofMeasures, words('peopleHidden')]}
        rows={days.map((each) => [
          each.day,
          ...measures.map((measure) => each.amounts && csvAmount(each.amounts[measure])),
          hiddenOf(each),
        ])}
      />
    </>
  )
}
