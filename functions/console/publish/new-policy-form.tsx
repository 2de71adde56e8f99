/** Begins a policy that does not exist yet. Nothing is sent: it exists with its first version. */
import { useState } from 'preact/hooks'
import { policyKinds } from '../../../shared/consent/policy.ts'
import { Field } from '../components/field.tsx'
import { useLabels } from '../schema-form/labels.ts'
import { useFaultWords } from '../schema-form/use-fault-words.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { addressOf } from '../shell/route.ts'
import { emptyDraft, keepDraft } from './draft.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function NewPolicyForm({ taken }: { readonly taken: readonly string[] }) {
  const words = useWords(english, swedish)
  const faultWords = useFaultWords()
  const { controller } = useSession()
  const { valueName, hint } = useLabels()
  const [policyId, setPolicyId] = useState('')
  const [kind, setKind] = useState<(typeof policyKinds)[number]>('privacy')
  const [rule, setRule] = useState<string>()
  const begin = (event: Event) => {
    event.preventDefault()
    const broken = taken.includes(policyId) ? 'policyTaken' : /^[a-z0-9-]{1,40}$/.test(policyId) ? undefined : 'isId'
    setRule(broken)
    if (broken !== undefined) return
    keepDraft(controller, emptyDraft(policyId, kind, ['sv-SE', 'en']))
    location.hash = addressOf('publish', { policy: policyId })
  }
  return (
    <form class="card" autocomplete="off" onSubmit={begin}>
      <h2>{words('newPolicy')}</h2>
      <div class="row">
        <Field
          label={words('id')}
          hint={hint('', 'id')}
          error={rule === undefined ? undefined : faultWords({ pointer: '', rule, detail: '' })}
        >
          {(control) => (
            <input {...control} value={policyId} onInput={(event) => setPolicyId(event.currentTarget.value.trim())} />
          )}
        </Field>
        <Field label={words('kind')} hint={words('kindHint')}>
          {(control) => (
            <select
              {...control}
              value={kind}
              onChange={(event) => setKind(policyKinds.find((each) => each === event.currentTarget.value) ?? 'other')}
            >
              {policyKinds.map((each) => (
                <option key={each} value={each}>
                  {valueName(each)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <button type="submit" class="quiet">
        {words('begin')}
      </button>
    </form>
  )
}
