/**
 * The history as a picture: lanes above one axis of time. Marks are reached like the cells of a grid, with one stop for the Tab key. All that
 * a pointer can do by dragging or turning a wheel, buttons and keys do, too.
 */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Topic } from '../question/topics.ts'
import type { Span } from '../question/version-spans.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { Axis } from './axis.tsx'
import { ChosenMark } from './chosen-mark.tsx'
import { LaneView, type Place } from './lane-view.tsx'
import type { Extent, Lane } from './lanes.ts'
import { Legend } from './legend.tsx'
import { type Direction, nearestIn, neighbour } from './mark-steps.ts'
import { type Cluster, clustersOf, instantAt, markSize, type Scale } from './pixels.ts'
import { moved, showing, zoomed } from './time-window.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface PictureProps {
  readonly lanes: readonly Lane[]
  readonly topics: readonly Topic[]
  /** Key of the topic that was asked about. */
  readonly asked: string
  /** The instant of the question. */
  readonly at: number
  readonly whole: Extent
  readonly window: Span
  readonly onWindow: (window: Span) => void
  readonly chosen: Place | undefined
  readonly onChoose: (place: Place) => void
  /** A single event was pressed. */
  readonly onFind: (eventId: string) => void
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'before',
  ArrowRight: 'after',
  ArrowUp: 'above',
  ArrowDown: 'below',
  Home: 'first',
  End: 'last',
}

export function Picture({ lanes, topics, asked, at, whole, window, onWindow, chosen, onChoose, onFind }: PictureProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const scale = useMemo<Scale>(() => ({ window, width }), [window, width])
  const keepsFocus = useRef(false)
  const placeAt = (of: Place | undefined) => lanes.find(({ key }) => key === of?.lane)?.marks[of?.index ?? -1]?.at
  const chosenAt = placeAt(chosen)
  const isChosenShown = chosenAt !== undefined && chosenAt >= window.from && chosenAt <= window.until
  // There is always a mark that the Tab key reaches, also when one has moved away from the chosen one.
  const place = isChosenShown ? chosen : firstPlace(lanes, window)
  const chosenLane = lanes.find(({ key }) => key === chosen?.lane)
  const chosenCluster = useMemo(() => {
    if (chosenLane === undefined || chosen === undefined || width === 0) return undefined
    return clustersOf(chosenLane.marks, scale).find(({ first, last }) => first <= chosen.index && chosen.index <= last)
  }, [chosenLane, chosen, scale, width])

  // A mark that has the focus may become part of another when the time changes, or leave the picture: the focus goes on to that
  // one, or stays where the keys still work.
  useLayoutEffect(() => {
    if (!keepsFocus.current) return
    keepsFocus.current = false
    const mark = frame.current?.querySelector<SVGElement>('.mark[tabindex="0"]')
    if (mark) mark.focus()
    else frame.current?.focus()
  })

  const middle = (window.from + window.until) / 2
  const show = (next: Span) => {
    keepsFocus.current = frame.current?.contains(document.activeElement) === true
    onWindow(next)
  }
  const open = (lane: Lane, { first, last }: Cluster) => {
    const [from, until] = [lane.marks[first], lane.marks[last]]
    if (from === undefined || until === undefined) return
    onChoose({ lane: lane.key, index: first })
    const length = until.at - from.at
    // Marks of one instant can be told apart in the table only.
    if (length === 0) onFind(from.event.eventId)
    else show(zoomed(window, (length * 1.3) / (window.until - window.from), (from.at + until.at) / 2, whole))
  }
  const step = (direction: Direction) => {
    const next = place && neighbour(lanes, scale, place, direction)
    if (next === undefined) return
    keepsFocus.current = true
    onChoose(next)
    onWindow(showing(window, placeAt(next) ?? middle, whole))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const direction = arrows[event.key]
    const around = placeAt(place) ?? middle
    if (event.shiftKey && (direction === 'before' || direction === 'after'))
      show(moved(window, direction === 'before' ? -0.25 : 0.25, whole))
    else if (direction) step(direction)
    else if (event.key === '+') show(zoomed(window, 0.5, around, whole))
    else if (event.key === '-') show(zoomed(window, 2, around, whole))
    else if (event.key === '0') show(whole)
    else return
    event.preventDefault()
  }
  const dragging = useDragging(window, whole, width, onWindow)
  const isWhole = window.from <= whole.from && window.until >= whole.until

  return (
    <section class="picture" aria-label={words('picture')}>
      <fieldset class="picture-tools" aria-label={words('tools')}>
        <Tool
          name="movePast"
          sign="←"
          isOff={window.from <= whole.from}
          onPress={() => show(moved(window, -0.5, whole))}
        />
        <Tool
          name="zoomIn"
          sign="+"
          onPress={() => show(zoomed(window, 0.5, (isChosenShown ? chosenAt : undefined) ?? middle, whole))}
        />
        <Tool name="zoomOut" sign="−" isOff={isWhole} onPress={() => show(zoomed(window, 2, middle, whole))} />
        <Tool
          name="moveFuture"
          sign="→"
          isOff={window.until >= whole.until}
          onPress={() => show(moved(window, 0.5, whole))}
        />
        <button type="button" class="quiet" disabled={isWhole} onClick={() => show(whole)}>
          {words('whole')}
        </button>
        <output>
          {words('shownTime', {
            from: formats.day(new Date(Math.max(window.from, whole.first)).toISOString()),
            until: formats.day(new Date(Math.min(window.until, whole.last)).toISOString()),
          })}
        </output>
      </fieldset>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys and pointer act on the marks inside, which are buttons */}
      <div class="lanes" ref={frame} tabIndex={-1} onKeyDown={onKeyDown} {...dragging}>
        {width > 0 &&
          lanes.map((lane) => (
            <LaneView
              key={lane.key}
              lane={lane}
              scale={scale}
              isAsked={lane.key === asked}
              place={place?.lane === lane.key ? place.index : undefined}
              chosen={chosen?.lane === lane.key ? chosen.index : undefined}
              onChoose={onChoose}
              onOpen={(of, cluster) => open(of, cluster)}
            />
          ))}
        {width > 0 && <Axis scale={scale} at={at} />}
      </div>
      <ChosenMark topics={topics} lane={chosenLane} cluster={chosenCluster} onOpen={open} />
      <Legend />
      <details class="picture-keys">
        <summary>{words('keys')}</summary>
        <p>{words('pictureHelp')}</p>
      </details>
    </section>
  )
}

interface ToolProps {
  readonly name: 'movePast' | 'moveFuture' | 'zoomIn' | 'zoomOut'
  readonly sign: string
  readonly isOff?: boolean
  readonly onPress: () => void
}

function Tool({ name, sign, isOff = false, onPress }: ToolProps) {
  const words = useWords(english, swedish)
  return (
    <button
      type="button"
      class="quiet tool"
      aria-label={words(name)}
      title={words(name)}
      disabled={isOff}
      onClick={onPress}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  )
}

/** The first mark in the window of the first lane that has one. */
function firstPlace(lanes: readonly Lane[], window: Span): Place | undefined {
  for (const lane of lanes) {
    const index = nearestIn(lane.marks, window.from, 'after')
    const mark = lane.marks[index]
    if (mark && mark.at <= window.until) return { lane: lane.key, index }
  }
  return undefined
}

/** The width of the element in CSS pixels, as it changes; 0 before it is known. */
function useWidth(of: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = of.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    observer.observe(element)
    setWidth(Math.floor(element.clientWidth))
    return () => observer.disconnect()
  }, [of])
  return width
}

/** Dragging moves in time. The wheel with Ctrl, which is also what pinching a touchpad sends, shows more or less of it. */
function useDragging(window: Span, whole: Span, width: number, onWindow: (window: Span) => void) {
  const begun = useRef<{ readonly x: number; readonly window: Span; hasMoved: boolean } | undefined>(undefined)
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0) begun.current = { x: event.clientX, window, hasMoved: false }
    },
    onPointerMove: (event: PointerEvent & { currentTarget: HTMLElement }) => {
      const start = begun.current
      if (start === undefined || width === 0) return
      const by = event.clientX - start.x
      if (!start.hasMoved && Math.abs(by) < markSize / 4) return
      if (!start.hasMoved) event.currentTarget.setPointerCapture(event.pointerId)
      start.hasMoved = true
      onWindow(moved(start.window, -by / width, whole))
    },
    onPointerUp: () => {
      begun.current = undefined
    },
    onPointerCancel: () => {
      begun.current = undefined
    },
    onWheel: (event: WheelEvent & { currentTarget: HTMLElement }) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      const x = event.clientX - event.currentTarget.getBoundingClientRect().left
      onWindow(zoomed(window, event.deltaY < 0 ? 0.8 : 1.25, instantAt({ window, width }, x), whole))
    },
  }
}
