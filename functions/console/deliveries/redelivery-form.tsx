/** Sends again: a test message, or the messages of a range of leaves, all or those that were given up. */
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Problem } from '../components/problem.tsx'
import { useWords } from '../shell/language.ts'
import type { Endpoint } from './standing.ts'
import { useRedelivery } from './use-redelivery.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function RedeliveryForm({ endpoint }: { readonly endpoint: Endpoint }) {
  const words = useWords(english, swedish)
  const last = Math.max(0, endpoint.deliveries.next - 1)
  const [from, setFrom] = useState(String(endpoint.from))
  const [to, setTo] = useState(String(last))
  const [only, setOnly] = useState<'all' | 'dead'>('dead')
  const [isTried, setIsTried] = useState(false)
  const { work, ask } = useRedelivery(endpoint)
  const isBackwards = Number(from) > Number(to)
  const send = (event: Event) => {
    event.preventDefault()
    setIsTried(true)
    if (from === '' || to === '' || isBackwards) return
    ask({ from: Number(from), to: Number(to), only })
  }
  const leafField = (label: string, value: string, onValue: (value: string) => void, error?: string) => (
    <Field label={label} error={error}>
      {(control) => (
        <input
          {...control}
          type="number"
          min={0}
          required
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
  return (
    <>
      <p>{words('againMeans')}</p>
      <form autocomplete="off" onSubmit={send}>
        <div class="row">
          {leafField(words('fromLeaf'), from, setFrom, isTried && isBackwards ? words('backwards') : undefined)}
          {leafField(words('toLeaf'), to, setTo)}
        </div>
        <fieldset>
          <legend>{words('which')}</legend>
          {(['dead', 'all'] as const).map((each) => (
            <label key={each} class="choice">
              <input type="radio" name="only" checked={only === each} onChange={() => setOnly(each)} />
              {words(`only-${each}`)}
            </label>
          ))}
        </fieldset>
        <p class="buttons">
          <button type="submit" disabled={work.state === 'running'}>
            {words('sendAgain')}
          </button>
          <button type="button" class="quiet" disabled={work.state === 'running'} onClick={() => ask({ test: true })}>
            {words('sendTest')}
          </button>
        </p>
      </form>
      {work.state === 'done' && (
        <Notice kind="good">{words(work.value.kind === 'test' ? 'askedTest' : 'askedAgain')}</Notice>
      )}
      {work.state === 'failed' && <Problem error={work.error} />}
    </>
  )
}
