/**
 * The chart of one topic, day by day. The legend chooses the lines. A slider goes from day to day, by keyboard, finger or mouse, the pointer does the
 * same over the chart, and the words beneath state the day's numbers. The chart library is loaded when this is shown.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { type Day, drawnHeight, type Measure, measures } from './counted.ts'
import type { DrawnDays } from './draw-days.ts'
import { LineSample } from './line-sample.tsx'
import { lineStyles } from './line-styles.ts'
import { useTexts } from './use-texts.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** A change of any of them changes the colours. */
const colourQueries = ['(prefers-color-scheme: dark)', '(forced-colors: active)']

const firstLines: readonly Measure[] = ['given', 'refused']

export interface DaysChartProps {
  readonly title: string
  readonly days: readonly Day[]
}

export function DaysChart({ title, days }: DaysChartProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const texts = useTexts()
  const canvas = useRef<HTMLCanvasElement>(null)
  const samples = useRef(new Map<Measure, SVGSVGElement>())
  const chart = useRef<DrawnDays | undefined>(undefined)
  const [lines, setLines] = useState(firstLines)
  const [wanted, setWanted] = useState(days.length - 1)
  const [hasFailed, setHasFailed] = useState(false)
  const place = Math.min(wanted, days.length - 1)
  const placeNow = useRef(place)
  placeNow.current = place
  const shortDays = days.map(({ day }) => texts.shortDay(day))
  // The texts change with the language alone, and are compared as one.
  const labels = shortDays.join('|')

  useEffect(() => {
    let isGone = false
    const heights = (measure: Measure) => days.map((each) => drawnHeight(each, measure))
    const colourOf = (measure: Measure) => () => {
      const sample = samples.current.get(measure)
      return sample ? getComputedStyle(sample).color : ''
    }
    import('./draw-days.ts').then(
      ({ drawDays }) => {
        if (isGone || canvas.current === null) return
        chart.current = drawDays(canvas.current, {
          labels: labels.split('|'),
          lines: lines.map((measure) => ({
            ...lineStyles[measure],
            heights: heights(measure),
            isLow: days.map(({ amounts }) => amounts?.[measure].hidden === 'some'),
            colour: colourOf(measure),
          })),
          isHidden: days.map((each) => lines.some((measure) => drawnHeight(each, measure) === null)),
          marked: placeNow.current,
          number: formats.number,
          onDay: setWanted,
        })
      },
      () => setHasFailed(true),
    )
    const recolour = () => chart.current?.recolour()
    const queries = colourQueries.map((query) => matchMedia(query))
    for (const query of queries) query.addEventListener('change', recolour)
    return () => {
      isGone = true
      for (const query of queries) query.removeEventListener('change', recolour)
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [days, lines, labels, formats])
  useEffect(() => chart.current?.mark(place), [place])

  const here = days[place]
  if (here === undefined) return null
  const { amounts } = here
  const numbers =
    amounts === undefined
      ? words('unreadableDay')
      : formats.list(lines.map((measure) => words(`of-${measure}`, { amount: texts.amount(amounts[measure]) })))
  const said = words('dayIs', { day: texts.day(here.day), numbers })
  const hiddenDays = days.filter((each) => lines.some((measure) => drawnHeight(each, measure) === null)).length
  const lowDays = days.filter(({ amounts }) => lines.some((measure) => amounts?.[measure].hidden === 'some')).length
  if (hasFailed) return <p class="empty">{words('noChart')}</p>
  const toggle = (measure: Measure) =>
    setLines(measures.filter((each) => (each === measure ? !lines.includes(each) : lines.includes(each))))
  return (
    <figure class="growth-chart">
      <fieldset class="legend">
        <legend>{words('lines')}</legend>
        {measures.map((measure) => (
          <label key={measure} class="choice">
            <input type="checkbox" checked={lines.includes(measure)} onChange={() => toggle(measure)} />
            <LineSample
              measure={measure}
              sample={(element) => {
                if (element) samples.current.set(measure, element)
              }}
            />
            {words(measure)}
          </label>
        ))}
      </fieldset>
      <div class="growth-canvas">
        <canvas ref={canvas} role="img" aria-label={words('chartIs', { topic: title, count: days.length })} />
      </div>
      {hiddenDays > 0 && <p class="aside">{words('hatched', { count: hiddenDays })}</p>}
      {lowDays > 0 && <p class="aside">{words('hollow', { count: lowDays })}</p>}
      <Field label={words('lookAtDay')}>
        {(control) => (
          <input
            {...control}
            type="range"
            min={0}
            max={days.length - 1}
            value={place}
            aria-valuetext={said}
            onInput={(event) => setWanted(event.currentTarget.valueAsNumber)}
          />
        )}
      </Field>
      <output>{said}</output>
    </figure>
  )
}
