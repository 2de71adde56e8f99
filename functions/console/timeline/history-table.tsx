/** The history as a table, a page of rows at a time: the same facts as the picture, with links to the texts and their differences. */
import { type ComponentChildren, Fragment } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { named } from '../answer/named.ts'
import { english as answerEnglish } from '../answer/words-en.ts'
import { swedish as answerSwedish } from '../answer/words-sv.ts'
import { DataTable } from '../components/data-table.tsx'
import type { Topic } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { CompletionFacts } from './completion-facts.tsx'
import { Decisions, HowFacts, TextFacts, WhenFacts } from './event-facts.tsx'
import type { Change, Lane } from './lanes.ts'
import type { Row } from './rows.ts'
import { differencePath, TextLink } from './text-link.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export const pageSize = 50

export interface HistoryTableProps {
  /** The rows of the time shown. */
  readonly rows: readonly Row[]
  readonly topics: readonly Topic[]
  readonly page: number
  readonly onPage: (page: number) => void
  readonly found: Found | undefined
}

/** The row that was looked for in the picture. Looking for it again is another object. */
export interface Found {
  readonly key: string
}

export function HistoryTable({ rows, topics, page, onPage, found }: HistoryTableProps) {
  const words = useWords(english, swedish)
  // A page that was turned while the time changed may be one of more rows.
  const shownPage = Math.max(0, Math.min(page, Math.ceil(rows.length / pageSize) - 1))
  const first = shownPage * pageSize
  const shown = rows.slice(first, first + pageSize)
  const last = first + shown.length
  const cells = useCells(topics)
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (found) section.current?.querySelector<HTMLElement>('[aria-current]')?.focus()
  }, [found])
  return (
    <section ref={section} class="history" aria-label={words('table')}>
      <DataTable
        caption={
          rows.length > pageSize
            ? words('rowsPart', { first: first + 1, last, count: rows.length })
            : words('rows', { count: rows.length })
        }
        columns={[words('when'), words('what'), words('effect'), words('text'), words('how')]}
        rows={shown.map(cells)}
        empty={words('tableEmpty')}
        current={shown.findIndex(({ key }) => key === found?.key)}
      />
      {rows.length > pageSize && (
        <div class="pager">
          <button type="button" class="quiet" disabled={shownPage === 0} onClick={() => onPage(shownPage - 1)}>
            {words('pageBefore')}
          </button>
          <button type="button" class="quiet" disabled={last >= rows.length} onClick={() => onPage(shownPage + 1)}>
            {words('pageAfter')}
          </button>
        </div>
      )}
    </section>
  )
}

/** The cells of a row, in the order of the columns. */
function useCells(topics: readonly Topic[]): (row: Row) => readonly ComponentChildren[] {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const formats = useFormats()
  const language = useLanguage()
  const { controller } = useSession()
  const titleOf = ({ topic }: Lane) => localText(topic.title, language)
  const statusOf = ({ status, reason }: Change) => (
    <>
      {named(answerWords, 'status', status)}
      {named(answerWords, 'reason', reason) !== reason && (
        <span class="aside line">{named(answerWords, 'reason', reason)}</span>
      )}
    </>
  )
  const instant = (at: number) => {
    const text = new Date(at).toISOString()
    return <time dateTime={text}>{formats.instant(text)}</time>
  }
  return (row) => {
    switch (row.kind) {
      case 'event':
        return [
          <WhenFacts key="when" event={row.event} />,
          <Fragment key="what">
            <Decisions decisions={row.event.decisions} topics={topics} />
            <CompletionFacts event={row.event} topics={topics} />
          </Fragment>,
          row.effects.length > 0 ? (
            <ul class="plain" key="effects">
              {row.effects.map(({ lane, change }) => (
                <li key={lane.key}>
                  {titleOf(lane)}: {statusOf(change)}
                </li>
              ))}
            </ul>
          ) : row.isKnown ? (
            words('noChange')
          ) : undefined,
          <TextFacts key="text" event={row.event} topics={topics} />,
          <HowFacts key="how" event={row.event} topics={topics} />,
        ]
      case 'change':
        return [
          instant(row.at),
          words(row.isJoint ? 'jointChange' : 'byVersion', { topic: titleOf(row.lane) }),
          statusOf(row.change),
          undefined,
          undefined,
        ]
      case 'version': {
        const { version, previous } = row.span
        return [
          instant(row.at),
          words('versionRow', { version: version.version, title: localText(version.title, language) }),
          undefined,
          <>
            <TextLink topics={topics} policyId={version.policyId} version={version.version} />
            {previous && (
              <a class="line" href={differencePath(controller, version.policyId, previous.version, version.version)}>
                {words('difference', { version: previous.version })}
              </a>
            )}
          </>,
          undefined,
        ]
      }
      case 'link':
        return [instant(row.at), words('linkRow'), words('linkNote'), undefined, undefined]
    }
  }
}
