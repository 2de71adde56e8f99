/** The period: one of a few lengths up to yesterday, or days of the reader's own, which count once they make a period. */
import { useEffect, useState } from 'preact/hooks'
import { maxStatisticsDays } from '../../../shared/api/statistics-period.ts'
import { ChoiceField } from '../components/choice-field.tsx'
import { Field } from '../components/field.tsx'
import { useWords } from '../shell/language.ts'
import type { Choice } from './choice.ts'
import { faultOf, lengths, type Period, periodOf, yesterday } from './period.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface PeriodFieldsProps {
  readonly choice: Choice
  readonly choose: (changes: Partial<Choice>) => void
}

const ownDays = 'own'

export function PeriodFields({ choice: { period, length }, choose }: PeriodFieldsProps) {
  const words = useWords(english, swedish)
  const [written, setWritten] = useState<Period>(period)
  useEffect(() => setWritten(period), [period])
  const fault = faultOf(written)
  const write = (changes: Partial<Period>) => {
    const next = { ...written, ...changes }
    setWritten(next)
    if (faultOf(next) === undefined) choose({ period: next, length: undefined })
  }
  const dayField = (name: keyof Period) => (
    <Field label={words(name)} {...(name === 'to' && fault && { error: words(fault, { days: maxStatisticsDays }) })}>
      {(control) => (
        <input
          {...control}
          type="date"
          required
          max={yesterday()}
          value={written[name]}
          onChange={(event) => write({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  )
  return (
    <div class="choosing">
      <ChoiceField
        label={words('period')}
        choices={[...lengths, ownDays]}
        value={length ?? ownDays}
        textOf={(each) => (each === ownDays ? words('ownDays') : words('lastDays', { days: Number(each) }))}
        onChoice={(each) =>
          each === ownDays ? choose({ length: undefined }) : choose({ length: each, period: periodOf(each) })
        }
      />
      {length === undefined && dayField('from')}
      {length === undefined && dayField('to')}
    </div>
  )
}
