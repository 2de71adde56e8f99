/** The versions that are scheduled, and how many people each will ask again. */
import type { Statistics } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { topicOf } from './counted.ts'
import { publicPageOf } from './public-page.ts'
import { SaveRows } from './save-rows.tsx'
import { ShareBar } from './share-bar.tsx'
import { type NamedTopics, useTexts } from './use-texts.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type Coming = Statistics['upcoming'][number]

/** One topic of a version; without one, too few people agree to anything in it. */
interface Line {
  readonly coming: Coming
  readonly topic?: Coming['topics'][number]
}

export interface ScheduledSectionProps {
  readonly statistics: Statistics
  readonly topics: NamedTopics
}

export function ScheduledSection({ statistics: { upcoming, through, k }, topics }: ScheduledSectionProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const texts = useTexts()
  const language = useLanguage()
  const { controller } = useSession()
  const lines = upcoming.flatMap((coming): Line[] =>
    coming.topics.length === 0 ? [{ coming }] : coming.topics.map((topic) => ({ coming, topic })),
  )
  const nameOf = ({ policyId, version }: Coming) =>
    words('versionOf', { policy: topics.titleOf(`policy/${policyId}`), version })
  const aboutOf = ({ topic }: Line) => (topic ? topics.titleOf(topicOf(topic)) : words('nothingStands'))
  const columns = [words('coming'), words('topic'), words('standing'), words('askedAgain')]
  const counted = (people = 0) => (people === 0 ? words('fewerThan', { k }) : formats.number(people))
  const title = words('scheduled')
  const [first] = upcoming
  return (
    <section class="figures-table scheduled" aria-labelledby="scheduled">
      <h2 id="scheduled">{title}</h2>
      {first === undefined ? (
        <p class="empty">{words(through === undefined ? 'notCountedYet' : 'noScheduled')}</p>
      ) : (
        <>
          <DataTable
            caption={words('atEndOf', { day: texts.day(first.day) })}
            columns={columns}
            rows={lines.map((line) => {
              const { coming, topic } = line
              return [
                <>
                  <a href={publicPageOf({ controller, ...coming, language })}>{nameOf(coming)}</a>
                  <span class="aside line">{words('takesEffect', { at: formats.instant(coming.effectiveFrom) })}</span>
                </>,
                aboutOf(line),
                counted(topic?.standing),
                topic === undefined || topic.askedAgain === 0 ? (
                  counted()
                ) : (
                  <ShareBar key="share" share={{ part: topic.askedAgain / topic.standing, isOfShown: false }}>
                    {words('askedAgainOf', { people: topic.askedAgain, share: topic.askedAgain / topic.standing })}
                  </ShareBar>
                ),
              ]
            })}
            empty=""
          />
          <p class="aside">{words('inMultiples', { k })}</p>
          <SaveRows
            about={['asked-again']}
            title={title}
            columns={[...columns, words('takesEffectOn'), words('countedAt')]}
            rows={lines.map((line) => [
              nameOf(line.coming),
              aboutOf(line),
              line.topic?.standing,
              // 0 is fewer than k, who may be some: an empty cell is not added up.
              line.topic?.askedAgain || undefined,
              line.coming.effectiveFrom,
              line.coming.day,
            ])}
          />
        </>
      )}
    </section>
  )
}
