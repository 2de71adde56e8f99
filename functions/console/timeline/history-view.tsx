/** A person's history: picture and table, which show the same time. */
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Topic } from '../question/topics.ts'
import type { Span } from '../question/version-spans.ts'
import { useWords } from '../shell/language.ts'
import { type Found, HistoryTable, pageSize } from './history-table.tsx'
import type { Place } from './lane-view.tsx'
import { type Asked, extentOf, lanesOf } from './lanes.ts'
import { Picture } from './picture.tsx'
import { rowsOf, rowsWithin } from './rows.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface HistoryViewProps {
  readonly topics: readonly Topic[]
  readonly asked: Asked
  /** Shown before the picture. */
  readonly children?: ComponentChildren
}

export function HistoryView({ topics, asked, children }: HistoryViewProps) {
  const words = useWords(english, swedish)
  const { timeline } = asked
  const at = Date.parse(timeline.at)
  const lanes = useMemo(() => lanesOf(topics, asked), [topics, asked])
  const whole = useMemo(() => extentOf(lanes, at), [lanes, at])
  const allRows = useMemo(() => rowsOf(lanes, timeline, whole), [lanes, timeline, whole])
  const [window, setWindow] = useState<Span>(whole)
  const [chosen, setChosen] = useState<Place>()
  const [page, setPage] = useState(0)
  const [found, setFound] = useState<Found>()
  const rows = useMemo(() => rowsWithin(allRows, window), [allRows, window])

  const show = (next: Span) => {
    setWindow(next)
    setPage(0)
  }
  const find = (eventId: string) => {
    const key = `event ${eventId}`
    const index = rows.findIndex((row) => row.key === key)
    if (index < 0) return
    setFound({ key })
    setPage(Math.floor(index / pageSize))
  }
  return (
    <>
      <p role="status">
        {words('count', { count: timeline.events.length, lanes: lanes.filter(({ marks }) => marks.length > 0).length })}
      </p>
      {children}
      <Picture
        {...{ lanes, topics, at, whole, window, chosen }}
        asked={asked.topic}
        onWindow={show}
        onChoose={setChosen}
        onFind={find}
      />
      <HistoryTable {...{ rows, topics, page, found }} onPage={setPage} />
    </>
  )
}
