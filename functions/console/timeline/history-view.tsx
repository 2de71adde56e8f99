/** A person's history: picture and table, which show the same time. */
import type { ComponentChildren } from 'preact'
import { useCallback, useMemo, useRef, useState } from 'preact/hooks'
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

/** Milliseconds without a change of the time shown after which the table follows. */
const pauseMs = 150

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
  const [windowOfTable, setWindowOfTable] = useState<Span>(whole)
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const rows = useMemo(() => rowsWithin(allRows, windowOfTable), [allRows, windowOfTable])

  const latest = useRef(window)
  latest.current = window
  const showRows = useCallback((first: number) => {
    clearTimeout(waiting.current)
    setWindowOfTable(latest.current)
    setPage(first)
  }, [])
  // The picture answers a press at once. The table follows when the time has stopped changing, because its rows cost more than all marks.
  const show = (next: Span) => {
    setWindow(next)
    clearTimeout(waiting.current)
    waiting.current = setTimeout(showRows, pauseMs, 0)
  }
  // A mark that is pressed or reached is focused, too, and chooses itself again.
  const choose = (place: Place) =>
    setChosen((before) => (before?.lane === place.lane && before.index === place.index ? before : place))
  const find = (eventId: string) => {
    const key = `event ${eventId}`
    const index = rowsWithin(allRows, window).findIndex((row) => row.key === key)
    if (index < 0) return
    setFound({ key })
    showRows(Math.floor(index / pageSize))
  }
  // The same element as before is not compared, so that going from mark to mark costs nothing here.
  const table = useMemo(
    () => <HistoryTable {...{ rows, topics, page, found }} onPage={showRows} />,
    [rows, topics, page, found, showRows],
  )
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
        onChoose={choose}
        onFind={find}
      />
      {table}
    </>
  )
}
