/** The form of a question about one person and one purpose or policy. Every question is recorded as a read, so it is asked on a press only. */
import { localText } from '../../../shared/consent/language.ts'
import { Field } from '../components/field.tsx'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { SubjectFields } from '../subject/subject-fields.tsx'
import { InstantField } from './instant-field.tsx'
import { type Question, useQuestion } from './question.ts'
import { type Topics, topicsOf } from './topics.ts'
import { versionSpansOf } from './version-spans.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface QuestionFormProps {
  readonly topics: Topics
  /** Words of the button. */
  readonly action: string
  readonly isBusy: boolean
  readonly onAsk: (question: Question) => void
}

export function QuestionForm({ topics, action, isBusy, onAsk }: QuestionFormProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { question, setQuestion } = useQuestion()
  const all = topicsOf(topics)
  const chosen = all.find(({ key }) => key === question.topic) ?? all[0]
  if (chosen === undefined) return <p class="empty">{words('noTopics')}</p>
  const from = chosen.history.versions[0]?.notBefore ?? '2020-01-01T00:00:00.000Z'
  const asked = { ...question, topic: chosen.key }
  const ticks = versionSpansOf(chosen, new Date().toISOString()).flatMap(({ version: { version, notBefore } }) =>
    notBefore > new Date().toISOString()
      ? []
      : [{ at: notBefore, label: words('versionFrom', { version, from: formats.day(notBefore) }) }],
  )
  const set = (changed: Partial<Question>) => setQuestion({ ...asked, ...changed })
  return (
    <form
      class="card question"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        setQuestion(asked)
        onAsk(asked)
      }}
    >
      <SubjectFields subject={asked.subject} isRequired onChange={(subject) => set({ subject })} />
      <Field label={words('topic')}>
        {(control) => (
          <select {...control} value={chosen.key} onChange={(event) => set({ topic: event.currentTarget.value })}>
            {topics.policies.map((history) => (
              <optgroup key={history.policyId} label={localText(history.versions.at(-1)?.title ?? {}, language)}>
                {all
                  .filter((topic) => topic.history === history)
                  .map(({ key, title }) => (
                    <option key={key} value={key}>
                      {key.startsWith('policy/')
                        ? words('policyItself', { title: localText(title, language) })
                        : localText(title, language)}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        )}
      </Field>
      <InstantField label={words('at')} value={asked.at} from={from} ticks={ticks} onChange={(at) => set({ at })} />
      <details open={asked.knownAt !== undefined}>
        <summary>{words('knownAtMore')}</summary>
        <InstantField
          label={words('knownAt')}
          hint={words('knownAtHint')}
          value={asked.knownAt}
          from={from}
          ticks={ticks}
          onChange={(knownAt) => set({ knownAt })}
        />
      </details>
      <button type="submit" disabled={isBusy}>
        {action}
      </button>
      <p class="aside">{words('isRecorded')}</p>
    </form>
  )
}
