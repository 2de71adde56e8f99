/** The versions that are scheduled, and how many people each will ask again. */
import { DataTable } from '../components/data-table.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { topicOfRow, type Upcoming } from './overview-data.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function UpcomingView(props: {
  readonly upcoming: readonly Upcoming[]
  readonly titleOf: (topic: string) => string
}) {
  const { upcoming, titleOf } = props
  const words = useWords(english, swedish)
  const formats = useFormats()
  return (
    <section aria-labelledby="upcoming">
      <h2 id="upcoming">{words('upcoming')}</h2>
      {upcoming.length === 0 && <p class="empty">{words('noUpcoming')}</p>}
      {upcoming.map(({ policyId, version, effectiveFrom, day, topics }) => (
        <div class="card" key={`${policyId} ${version}`}>
          <h3>{words('upcomingIs', { policy: titleOf(`policy/${policyId}`), version })}</h3>
          <p>{words('takesEffect', { at: formats.instant(effectiveFrom), day: formats.day(`${day}T12:00:00Z`) })}</p>
          <DataTable
            caption={words('askedAgainOf', { version })}
            columns={[words('about'), words('standing'), words('askedAgain')]}
            rows={topics.map((topic) => [
              titleOf(topicOfRow(topic)),
              formats.number(topic.standing),
              topic.askedAgain === 0 ? words('fewerThanTen') : formats.number(topic.askedAgain),
            ])}
            empty={words('nobodyAskedAgain')}
          />
        </div>
      ))}
      {upcoming.length > 0 && <p class="aside">{words('inTens')}</p>}
    </section>
  )
}
