/** Overview: how many people were asked, agreed and refused, and how many a scheduled version will ask again. It shows no person. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { Field } from '../components/field.tsx'
import { Outcome } from '../components/outcome.tsx'
import { topicsOf } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { type ComparedBy, comparedBy, fetchOverview, moved, type Overview, topicsWithRows } from './overview-data.ts'
import { StatisticsView } from './statistics-view.tsx'
import { UpcomingView } from './upcoming-view.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** Days of the periods that a reader may choose. */
const lengths = ['7', '30', '90', '365'] as const

const yesterday = () => moved(new Date().toISOString().slice(0, 10), -1)

export function OverviewPage() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [to, setTo] = useState(yesterday)
  const [length, setLength] = useState<string>('30')
  const [by, setBy] = useState<ComparedBy>('presentation')
  const [work, start] = useWork<Overview>()
  const begin = useCallback(() => {
    start(() => fetchOverview(ledger, { from: moved(to, 1 - Number(length)), to }, by))
  }, [start, ledger, to, length, by])
  useEffect(begin, [begin])
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      <div class="card filters">
        <Field label={words('lastDay')} hint={words('lastDayHint')}>
          {(control) => (
            <input
              {...control}
              type="date"
              required
              max={yesterday()}
              value={to}
              onChange={(event) => event.currentTarget.checkValidity() && setTo(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={words('period')}>
          {(control) => (
            <select {...control} value={length} onChange={(event) => setLength(event.currentTarget.value)}>
              {lengths.map((days) => (
                <option key={days} value={days}>
                  {words('periodOf', { days: Number(days) })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words('compare')}>
          {(control) => (
            <select
              {...control}
              value={by}
              onChange={(event) => setBy(comparedBy.find((each) => each === event.currentTarget.value) ?? by)}
            >
              {comparedBy.map((name) => (
                <option key={name} value={name}>
                  {words(name)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Outcome work={work} retry={begin}>
        {(overview) => <OverviewView overview={overview} />}
      </Outcome>
    </>
  )
}

function OverviewView({ overview }: { readonly overview: Overview }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const [known] = useTopics()
  const [chosen, setChosen] = useState<string>()
  const all = known.state === 'done' ? topicsOf(known.value) : []
  const titleOf = (topic: string) => {
    const title = all.find(({ key }) => key === topic)?.title
    return title === undefined ? topic.slice(topic.indexOf('/') + 1) : localText(title, language)
  }
  const topics = topicsWithRows(overview.days)
  const topic = topics.find((each) => each === chosen) ?? topics[0]
  const { through } = overview
  return (
    <>
      <p>{through === undefined ? words('noDays') : words('through', { day: formats.day(`${through}T12:00:00Z`) })}</p>
      {topic === undefined ? (
        through !== undefined && <p class="empty">{words('noRows')}</p>
      ) : (
        <>
          <Field label={words('about')}>
            {(control) => (
              <select {...control} value={topic} onChange={(event) => setChosen(event.currentTarget.value)}>
                {topics.map((each) => (
                  <option key={each} value={each}>
                    {titleOf(each)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <StatisticsView overview={overview} topic={topic} />
          <p class="aside">{words('hidden')}</p>
        </>
      )}
      <UpcomingView upcoming={overview.upcoming} titleOf={titleOf} />
    </>
  )
}
