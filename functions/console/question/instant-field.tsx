/**
 * An instant: a slider over the time that the policy covers, and a field for the exact time, in the reader's time zone. Both state the same
 * instant. Left at "now" it stays open, and the ledger answers for the instant at which it is asked.
 */
import { useId, useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface InstantFieldProps {
  readonly label: string
  readonly hint?: string
  /** RFC 3339; `undefined`: now. */
  readonly value: string | undefined
  /** Left end of the slider, RFC 3339. */
  readonly from: string
  /** Instants of interest, as ticks of the slider and as buttons. */
  readonly ticks?: readonly Tick[]
  readonly onChange: (value: string | undefined) => void
}

export interface Tick {
  /** RFC 3339. */
  readonly at: string
  readonly label: string
}

/** Steps of the slider; finer ones are typed. */
const steps = 1000

export function InstantField({ label, hint, value, from, ticks = [], onChange }: InstantFieldProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const [now] = useState(() => Date.now())
  const first = Math.min(Date.parse(from), now - 60_000)
  const listId = useId()
  const stepOf = (instant: string) => Math.round(((Date.parse(instant) - first) / (now - first)) * steps)
  const place = value === undefined ? steps : stepOf(value)
  const spoken = value === undefined ? words('now') : formats.instant(value)
  const slideTo = (step: number) =>
    onChange(step >= steps ? undefined : new Date(first + ((now - first) * step) / steps).toISOString())
  return (
    <div class="instant">
      <Field label={label} hint={hint}>
        {(control) => (
          <input
            {...control}
            type="range"
            min={0}
            max={steps}
            value={Math.max(0, Math.min(steps, place))}
            aria-valuetext={spoken}
            list={listId}
            onInput={(event) => slideTo(event.currentTarget.valueAsNumber)}
          />
        )}
      </Field>
      <datalist id={listId}>
        {ticks.map(({ at, label: name }) => (
          <option key={name} value={stepOf(at)} label={name} />
        ))}
      </datalist>
      <div class="instant-exact">
        <input
          type="datetime-local"
          step={1}
          aria-label={words('exactTime', { label })}
          value={value === undefined ? '' : localTime(value)}
          onChange={(event) => onChange(instantOf(event.currentTarget.value))}
        />
        <output>{spoken}</output>
      </div>
      <div class="instant-ticks">
        {ticks.map((tick) => (
          <button key={tick.label} type="button" class="link" onClick={() => onChange(tick.at)}>
            {tick.label}
          </button>
        ))}
        {value !== undefined && (
          <button type="button" class="link" onClick={() => onChange(undefined)}>
            {words('now')}
          </button>
        )}
      </div>
    </div>
  )
}

/** `2026-11-30T14:05:09`, as the browser's field takes it: the reader's time without a zone. */
export function localTime(instant: string): string {
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

/** RFC 3339 of what the browser's field holds; `undefined` when that is empty. */
export function instantOf(typed: string): string | undefined {
  const at = new Date(typed)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
