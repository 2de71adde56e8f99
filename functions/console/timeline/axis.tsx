/** The axis of time: round times of the reader's calendar, and the instant of the question. */
import { useFormats, useWords } from '../shell/language.ts'
import { type Scale, xOf } from './pixels.ts'
import { type TickUnit, ticksOf } from './time-window.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** Least distance of two ticks, in CSS pixels. */
const tickDistance = 90

const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }

const formatsOfTicks: Readonly<Record<TickUnit, Intl.DateTimeFormatOptions>> = {
  second: { ...clock, second: '2-digit' },
  minute: clock,
  hour: clock,
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
}

export function Axis({ scale, at }: { readonly scale: Scale; readonly at: number }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { unit, at: ticks } = ticksOf(scale.window, Math.max(2, scale.width / tickDistance))
  const asked = xOf(scale, at)
  return (
    <svg class="axis" width={scale.width} height={52} viewBox={`0 0 ${scale.width} 52`} aria-hidden="true">
      <line class="axis-line" x1={0} x2={scale.width} y1={1} y2={1} />
      {ticks.map((tick) => {
        const x = xOf(scale, tick)
        return (
          <g key={tick}>
            <line class="axis-line" x1={x} x2={x} y1={1} y2={7} />
            <text class={anchorOf(x, scale.width)} x={x} y={22}>
              {formats.parts(tick, formatsOfTicks[unit])}
            </text>
          </g>
        )
      })}
      {asked >= 0 && asked <= scale.width && (
        <g class="asked">
          <path d={`M${asked} 28 l-5 9 h10 Z`} />
          <text class={anchorOf(asked, scale.width)} x={asked} y={50}>
            {words('askedAt')}
          </text>
        </g>
      )}
    </svg>
  )
}

/** Texts at the ends of the axis stay inside of it. */
function anchorOf(x: number, width: number): 'begin' | 'centre' | 'end' {
  if (x < 48) return 'begin'
  return x > width - 48 ? 'end' : 'centre'
}
