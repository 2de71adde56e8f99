/** One lane: bands of the policy's versions behind it, its marks, and its status below them. Bands are in the table, so only marks are spoken. */
import type { ComponentChildren } from 'preact'
import { useCallback, useMemo, useRef } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { named } from '../answer/named.ts'
import { toneOf } from '../answer/tone.ts'
import { english as answerEnglish } from '../answer/words-en.ts'
import { swedish as answerSwedish } from '../answer/words-sv.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import type { Lane, StatusSpan } from './lanes.ts'
import { MarkShape } from './mark-shape.tsx'
import { type Cluster, clustersOf, markSize, type Scale, segmentsOf, xOf } from './pixels.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** A mark or a group of marks, by its lane and the place of its first. */
export interface Place {
  readonly lane: string
  readonly index: number
}

export interface LaneViewProps {
  readonly lane: Lane
  readonly scale: Scale
  readonly isAsked: boolean
  /** The mark that the keyboard is at, when it is in this lane. */
  readonly place: number | undefined
  readonly chosen: number | undefined
  readonly onChoose: (place: Place) => void
  readonly onOpen: (lane: Lane, cluster: Cluster) => void
}

const labelHeight = 20
const marksHeight = markSize + 12
const bandHeight = 24

export function LaneView({ lane, scale, isAsked, place, chosen, onChoose, onOpen }: LaneViewProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const clusters = useMemo(() => clustersOf(lane.marks, scale), [lane, scale])
  const visible = clusters.filter(({ x }) => x >= -markSize && x <= scale.width + markSize)
  const isAt = ({ first, last }: Cluster, index: number | undefined) =>
    index !== undefined && first <= index && index <= last
  const bands = bandsOf(lane)
  const height = labelHeight + marksHeight + bands.length * bandHeight
  // The same element as before is not compared: which mark is chosen changes nothing of it.
  const background = useMemo(() => <Background lane={lane} scale={scale} height={height} />, [lane, scale, height])
  return (
    <section class="lane" data-lane={lane.key}>
      <h3>
        {localText(lane.topic.title, language)}
        {isAsked && <span class="lane-note">{words('laneAsked')}</span>}
        {!lane.spans && <span class="lane-note">{words('laneNoStatus')}</span>}
      </h3>
      {lane.marks.length === 0 && <p class="lane-empty">{words('laneNoMarks')}</p>}
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the heading names the lane, and each mark names itself */}
      <svg width={scale.width} height={height} viewBox={`0 0 ${scale.width} ${height}`}>
        {background}
        {visible.map((cluster) => (
          <MarkView
            key={cluster.first}
            lane={lane}
            cluster={cluster}
            isTabStop={isAt(cluster, place)}
            isChosen={isAt(cluster, chosen)}
            onChoose={() => onChoose({ lane: lane.key, index: cluster.first })}
            onOpen={() => onOpen(lane, cluster)}
          />
        ))}
      </svg>
    </section>
  )
}

/** The lane's own statuses, and those together with linked identities where there are any. */
function bandsOf({ spans, jointSpans }: Lane) {
  return [spans, jointSpans].filter((each) => each !== undefined)
}

interface BackgroundProps {
  readonly lane: Lane
  readonly scale: Scale
  readonly height: number
}

/** Bands of versions behind the marks, and of statuses below them. */
function Background({ lane, scale, height }: BackgroundProps) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of an SVG picture takes no focus
    <g aria-hidden="true">
      <Versions lane={lane} scale={scale} height={height} />
      {bandsOf(lane).map((spans, index) => (
        <Statuses
          key={spans === lane.spans ? 'own' : 'joint'}
          spans={spans}
          scale={scale}
          y={labelHeight + marksHeight + index * bandHeight}
          isJoint={spans === lane.jointSpans}
        />
      ))}
    </g>
  )
}

interface MarkViewProps {
  readonly lane: Lane
  readonly cluster: Cluster
  readonly isTabStop: boolean
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly onOpen: () => void
}

function MarkView({ lane, cluster, isTabStop, isChosen, onChoose, onOpen }: MarkViewProps) {
  const formats = useFormats()
  const labelOf = useMarkLabel()
  const label = useMemo(() => labelOf(lane, cluster), [labelOf, lane, cluster])
  const count = cluster.last - cluster.first + 1
  // A finger cannot point at a mark without pressing it, so its first press shows what the mark stands for.
  const opens = useRef(true)
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML's button cannot be in an SVG picture
    <g
      class={`mark${isChosen ? ' chosen' : ''}`}
      role="button"
      tabIndex={isTabStop ? 0 : -1}
      aria-label={label}
      data-index={cluster.first}
      transform={`translate(${cluster.x.toFixed(2)} ${labelHeight + marksHeight / 2})`}
      onFocus={onChoose}
      onPointerEnter={(event) => event.pointerType === 'mouse' && onChoose()}
      onPointerDown={({ pointerType }) => {
        opens.current = pointerType === 'mouse' || isChosen
      }}
      onClick={() => opens.current && onOpen()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onOpen()
      }}
    >
      <rect class="hit" x={-markSize / 2} y={-markSize / 2} width={markSize} height={markSize} />
      <MarkShape tone={cluster.tone} {...(count > 1 && { number: formats.number(count) })} />
    </g>
  )
}

function useMarkLabel() {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const formats = useFormats()
  const language = useLanguage()
  return useCallback(
    ({ topic, marks }: Lane, { first, last }: Cluster) => {
      const [from, until] = [marks[first], marks[last]]
      if (from === undefined || until === undefined) return ''
      const title = localText(topic.title, language)
      const instant = (at: number) => formats.instant(new Date(at).toISOString())
      return first === last
        ? words('markLabel', {
            verb: named(answerWords, 'verb', from.decision.verb),
            topic: title,
            at: instant(from.at),
          })
        : words('clusterLabel', {
            count: last - first + 1,
            topic: title,
            from: instant(from.at),
            until: instant(until.at),
          })
    },
    [words, answerWords, formats, language],
  )
}

function Versions({ lane, scale, height }: BackgroundProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return lane.versions.map(({ from, until, version }, index) => {
    const [x, end] = [Math.max(0, xOf(scale, from)), Math.min(scale.width, xOf(scale, until))]
    if (end <= x) return null
    const short = words('versionShort', { version: version.version })
    return (
      <g key={version.version}>
        <title>{words('versionTitle', { version: version.version, from: formats.day(version.notBefore) })}</title>
        <rect class={`version ${index % 2 === 0 ? 'even' : 'odd'}`} x={x} y={0} width={end - x} height={height} />
        <line class="version-start" x1={x} x2={x} y1={0} y2={height} />
        <Fitted x={x} y={14} width={end - x} texts={[short, version.version]} />
      </g>
    )
  })
}

interface StatusesProps {
  readonly spans: readonly StatusSpan[]
  readonly scale: Scale
  readonly y: number
  readonly isJoint: boolean
}

function Statuses({ spans, scale, y, isJoint }: StatusesProps) {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const formats = useFormats()
  const segments = useMemo(() => segmentsOf(spans, scale), [spans, scale])
  return segments.map(({ x, width, span, count, isMixed }) => {
    const status = named(answerWords, 'status', span.change.status)
    const tone = isMixed ? 'mixed' : toneOf(span.change)
    const drawn = Math.max(1, width)
    const instant = (at: number) => formats.instant(new Date(at).toISOString())
    const many = count > 1 ? [words('spanMany', { count, status })] : []
    const title = many[0] ?? words('spanTitle', { status, from: instant(span.from), until: instant(span.until) })
    const texts = isMixed ? many : [...(isJoint ? [words('jointSpan', { status })] : []), status]
    return (
      <g key={span.from} class={`span ${tone}`}>
        <title>{title}</title>
        <rect x={x} y={y + 1} width={drawn} height={bandHeight - 2} />
        {(tone === 'no' || tone === 'mixed') && (
          <line class="hatch" x1={x} x2={x + drawn} y1={y + bandHeight - 4} y2={y + bandHeight - 4} />
        )}
        <Fitted x={x} y={y + 16} width={drawn} texts={texts} />
      </g>
    )
  })
}

/** The first of the texts that fits, by the width of most letters; otherwise none. */
function Fitted(of: {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly texts: readonly string[]
}): ComponentChildren {
  const text = of.texts.find(({ length }) => length * 7.5 + 12 <= of.width)
  if (text === undefined) return null
  return (
    <text class="band-text" x={of.x + 6} y={of.y}>
      {text}
    </text>
  )
}
