/** Makes a hold. Its id is made here and kept for another attempt, so that an attempt without an answer makes no second hold. */
import type { TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import type { Hold, HoldDraft, Identifier } from '../../../shared/server/wire.ts'
import { ChoiceField } from '../components/choice-field.tsx'
import { Field } from '../components/field.tsx'
import { Outcome } from '../components/outcome.tsx'
import { Problem } from '../components/problem.tsx'
import { instantOf } from '../question/instant-field.tsx'
import { topicsOf } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { SubjectFields } from '../subject/subject-fields.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const grounds = ['legal-claim', 'legal-obligation', 'order'] as const satisfies readonly HoldDraft['ground'][]
const coverages = ['subject', 'purpose', 'before'] as const

const nobody: Identifier = { type: 'email', id: '' }

export function MakeHoldForm({ onDone }: { readonly onDone: (hold: Hold) => void }) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [holdId, setHoldId] = useState(() => crypto.randomUUID())
  const [ground, setGround] = useState<HoldDraft['ground']>('legal-claim')
  const [coverage, setCoverage] = useState<(typeof coverages)[number]>('subject')
  const [subject, setSubject] = useState(nobody)
  const [purposeId, setPurposeId] = useState('')
  const [before, setBefore] = useState('')
  const [until, setUntil] = useState('')
  const [isTried, setIsTried] = useState(false)
  const [work, start] = useWork<void>()
  const covers = coveredBy()
  const ends = instantOf(until)

  function coveredBy(): HoldDraft['covers'] | undefined {
    const instant = instantOf(before)
    if (coverage === 'subject')
      return subject.id.trim() ? { subject: { ...subject, id: subject.id.trim() } } : undefined
    if (coverage === 'purpose') return purposeId ? { purposeId } : undefined
    return instant === undefined ? undefined : { before: instant }
  }
  const make = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setIsTried(true)
    // A date without its time has no value, and the hold would have no end.
    if (covers === undefined || !event.currentTarget.reportValidity()) return
    start(async () => {
      const hold = await ledger.makeHold({ holdId, ground, covers, ...(ends !== undefined && { until: ends }) })
      setHoldId(crypto.randomUUID())
      setSubject(nobody)
      setIsTried(false)
      onDone(hold)
    })
  }
  const missing = isTried && covers === undefined ? words('missing') : undefined
  return (
    <form class="card" autocomplete="off" noValidate onSubmit={make}>
      <h2>{words('newHold')}</h2>
      <ChoiceField
        label={words('ground')}
        choices={grounds}
        value={ground}
        textOf={(each) => words(`ground-${each}`)}
        onChoice={setGround}
      />
      <fieldset>
        <legend>{words('covers')}</legend>
        {coverages.map((each) => (
          <label key={each} class="choice">
            <input type="radio" name="coverage" checked={coverage === each} onChange={() => setCoverage(each)} />
            {words(`cover-${each}`)}
          </label>
        ))}
      </fieldset>
      {coverage === 'subject' && <SubjectFields subject={subject} onChange={setSubject} error={missing} />}
      {coverage === 'purpose' && <PurposeField chosen={purposeId} onChoose={setPurposeId} error={missing} />}
      {coverage === 'before' && (
        <Field label={words('before')} error={missing}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={before}
              onInput={(event) => setBefore(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Field label={words('until')} hint={words('untilHint')}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={until}
            onInput={(event) => setUntil(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" disabled={work.state === 'running'}>
        {words('make')}
      </button>
      {work.state === 'failed' && <Problem error={work.error} />}
    </form>
  )
}

interface PurposeFieldProps {
  readonly chosen: string
  readonly onChoose: (purposeId: string) => void
  readonly error: string | undefined
}

function PurposeField({ chosen, onChoose, error }: PurposeFieldProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const [work, retry] = useTopics()
  return (
    <Outcome work={work} retry={retry}>
      {(topics) => (
        <Field label={words('purpose')} error={error}>
          {(control) => (
            <select {...control} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
              <option value="">{words('choose')}</option>
              {topicsOf(topics)
                .filter(({ key }) => key.startsWith('purpose/'))
                .map(({ key, title }) => (
                  <option key={key} value={key.slice('purpose/'.length)}>
                    {localText(title, language)}
                  </option>
                ))}
            </select>
          )}
        </Field>
      )}
    </Outcome>
  )
}
