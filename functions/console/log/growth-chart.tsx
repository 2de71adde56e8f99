/**
 * The chart of the log's growth. A slider goes from point to point, by keyboard, finger or mouse, and the words beneath it state the point as
 * the chart has it; the table has all of them. The chart library is loaded when this is shown.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { isoOf } from '../../../shared/verify/signed-checkpoint.ts'
import { Field } from '../components/field.tsx'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import type { DrawnChart } from './chart.ts'
import type { GrowthPoint } from './growth.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** A change of any of them changes the colours. */
const colourQueries = ['(prefers-color-scheme: dark)', '(forced-colors: active)']

export function GrowthChart({ points }: { readonly points: readonly GrowthPoint[] }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<DrawnChart | undefined>(undefined)
  const [place, setPlace] = useState(points.length - 1)
  const [shown, setShown] = useState(points.at(-1))
  const [hasFailed, setHasFailed] = useState(false)

  useEffect(() => {
    let isGone = false
    import('./chart.ts').then(
      ({ drawGrowth }) => {
        if (isGone || canvas.current === null) return
        chart.current = drawGrowth(canvas.current, points, { language, number: formats.number })
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
  }, [points, language, formats])

  const last = points.at(-1)
  if (last === undefined || shown === undefined) return null
  const said = words('pointIs', {
    time: formats.instant(isoOf(shown.seconds)),
    size: shown.size,
    added: shown.added,
  })
  if (hasFailed) return <p class="empty">{words('noChart')}</p>
  return (
    <figure class="growth-chart">
      <div class="growth-canvas">
        <canvas ref={canvas} role="img" aria-label={words('chartIs', { from: points[0]?.size ?? 0, to: last.size })} />
      </div>
      <Field label={words('lookAtPoint')}>
        {(control) => (
          <input
            {...control}
            type="range"
            min={0}
            max={points.length - 1}
            value={place}
            aria-valuetext={said}
            onInput={(event) => {
              const chosen = event.currentTarget.valueAsNumber
              setPlace(chosen)
              setShown(chart.current?.select(chosen) ?? points[chosen])
            }}
          />
        )}
      </Field>
      <output>{said}</output>
    </figure>
  )
}
