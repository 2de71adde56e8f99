/** A chart of bars with its legend. The table beside it has the same numbers. The chart library is loaded when this is shown. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { useFormats, useWords } from '../shell/language.ts'
import type { DrawnBars } from './bars.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** A change of any of them changes the colours. */
const colourQueries = ['(prefers-color-scheme: dark)', '(forced-colors: active)']

export interface BarChartProps {
  /** What the picture shows, for those who do not see it. */
  readonly name: string
  readonly bars: readonly { readonly label: string; readonly given: number; readonly refused: number }[]
}

export function BarChart({ name, bars }: BarChartProps) {
  const words = useWords(english, swedish)
  const { number } = useFormats()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [hasFailed, setHasFailed] = useState(false)
  useEffect(() => {
    let drawn: DrawnBars | undefined
    let isGone = false
    import('./bars.ts').then(
      ({ drawBars }) => {
        if (isGone || canvas.current === null) return
        const [labels, given, refused] = [
          bars.map((bar) => bar.label),
          bars.map((bar) => bar.given),
          bars.map((bar) => bar.refused),
        ]
        drawn = drawBars(canvas.current, { labels, given, refused, number })
      },
      () => setHasFailed(true),
    )
    const recolour = () => drawn?.recolour()
    const queries = colourQueries.map((query) => matchMedia(query))
    for (const query of queries) query.addEventListener('change', recolour)
    return () => {
      isGone = true
      for (const query of queries) query.removeEventListener('change', recolour)
      drawn?.destroy()
    }
  }, [bars, number])
  if (hasFailed) return <p class="empty">{words('noChart')}</p>
  return (
    <figure class="growth-chart">
      <figcaption class="legend">
        <span class="full">{words('given')}</span> <span class="hollow">{words('refused')}</span>
      </figcaption>
      <div class="growth-canvas">
        <canvas ref={canvas} role="img" aria-label={name} />
      </div>
    </figure>
  )
}
