/** Reads: what was asked on a day, by whom, and about how many people, as the controller may see it. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { DataTable } from '../components/data-table.tsx'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import { csvOf } from '../files/csv.ts'
import { fileNamePart, saveFile } from '../files/save-file.ts'
import { topicsOf } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { addressOf } from '../shell/route.ts'
import { useWork } from '../shell/use-work.ts'
import { hourRange } from './hour-range.ts'
import { fetchReads, holderOf, movedDay, type Read, type ReadsOfDay, sumByReader, today } from './read-list.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function ReadsPage() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [day, setDay] = useState(today)
  const [work, start] = useWork<ReadsOfDay>()
  const begin = useCallback(() => start(() => fetchReads(ledger, day)), [start, ledger, day])
  useEffect(begin, [begin])
  const isToday = day >= today()
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      <div class="card">
        <Field label={words('day')} hint={words('dayHint')}>
          {(control) => (
            <input
              {...control}
              type="date"
              required
              max={today()}
              value={day}
              onChange={(event) => event.currentTarget.checkValidity() && setDay(event.currentTarget.value)}
            />
          )}
        </Field>
        <p class="next">
          <button type="button" class="quiet" onClick={() => setDay(movedDay(day, -1))}>
            {words('dayBefore')}
          </button>
          <button type="button" class="quiet" disabled={isToday} onClick={() => setDay(movedDay(day, 1))}>
            {words('dayAfter')}
          </button>
          <button type="button" class="quiet" onClick={begin}>
            {words('lookAgain')}
          </button>
        </p>
      </div>
      <div aria-live="polite">
        <Outcome work={work} retry={begin}>
          {(found) => <ReadsView {...found} />}
        </Outcome>
      </div>
      <p class="next">
        <a href={addressOf('grants')}>{words('seeGrants')}</a>
      </p>
    </>
  )
}

function ReadsView({ day, reads, hasMore }: ReadsOfDay) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { controller } = useSession()
  const [topics] = useTopics()
  const all = topics.state === 'done' ? topicsOf(topics.value) : []
  const topicOf = ({ purposeId, policyId }: Read) => {
    const key = purposeId === undefined ? `policy/${policyId}` : `purpose/${purposeId}`
    const title = all.find((topic) => topic.key === key)?.title
    return title === undefined ? (purposeId ?? policyId ?? words('everything')) : localText(title, language)
  }
  const readerOf = ({ reader }: Pick<Read, 'reader'>) =>
    reader === undefined ? words('unknownReader') : `${reader.name} (${holderOf(reader.auditor)})`
  const questionOf = ({ route }: Read) => {
    const name = `asked-${route}`
    return Object.hasOwn(english, name) ? words(name as keyof typeof english) : (route ?? words('unreadable'))
  }
  const aboutOf = (read: Read) => {
    if (read.route === undefined) return words('unreadable')
    return read.route === 'askSample' ? words('theLog') : topicOf(read)
  }
  const columns = [words('hour'), words('reader'), words('question'), words('about'), words('people')]
  const sums = sumByReader(reads)
  const count = { count: reads.length, day: formats.day(`${day}T12:00:00Z`) }
  const save = () => {
    const rows = reads.map((read) => [
      ...[`${read.hour}:00Z`, readerOf(read), questionOf(read), aboutOf(read)],
      read.subjects,
    ])
    saveFile(`${fileNamePart(controller)}-reads-${day}.csv`, csvOf(columns, rows), 'text/csv')
  }
  if (reads.length === 0) return <p class="empty">{words('none', count)}</p>
  return (
    <>
      <p class="sentence">{words('asked', { ...count, readers: sums.length })}</p>
      {hasMore && <Notice kind="warning">{words('hasMore', count)}</Notice>}
      <DataTable
        caption={words('byReader')}
        columns={[words('reader'), words('questions'), words('people')]}
        rows={sums.map((sum) => [readerOf(sum), formats.number(sum.questions), formats.number(sum.people)])}
        empty=""
      />
      <p class="aside">{words('peopleNote')}</p>
      <DataTable
        caption={words('all')}
        columns={columns}
        rows={reads.map((read) => [
          hourRange(read.hour, language),
          readerOf(read),
          questionOf(read),
          aboutOf(read),
          read.subjects === undefined ? words('unreadable') : formats.number(read.subjects),
        ])}
        empty=""
      />
      <p>
        <button type="button" class="quiet" onClick={save}>
          {words('saveTable')}
        </button>
      </p>
    </>
  )
}
