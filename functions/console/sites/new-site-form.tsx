/** Creates a site. Its key is shown after it, and in the list from then on: it is publishable, and reads nothing about anybody. */
import { useState } from 'preact/hooks'
import { ChoiceField } from '../components/choice-field.tsx'
import { Field } from '../components/field.tsx'
import { Problem } from '../components/problem.tsx'
import { useLabels } from '../schema-form/labels.ts'
import { useFaultWords } from '../schema-form/use-fault-words.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import type { SiteAct } from './current-sites.ts'
import { OriginsField } from './origins-field.tsx'
import { areAcceptable, readOrigins } from './read-origins.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const kinds = ['web', 'app', 'service'] as const

export interface NewSiteFormProps {
  readonly taken: readonly string[]
  readonly onDone: (act: SiteAct) => void
}

export function NewSiteForm({ taken, onDone }: NewSiteFormProps) {
  const words = useWords(english, swedish)
  const faultWords = useFaultWords()
  const { ledger } = useSession()
  const { valueName, hint } = useLabels()
  const [site, setSite] = useState('')
  const [name, setName] = useState('')
  const [kind, setKind] = useState<(typeof kinds)[number]>('web')
  const [typed, setTyped] = useState('')
  const [isTried, setIsTried] = useState(false)
  const [work, start] = useWork<void>()
  const isId = /^[a-z0-9-]{1,40}$/.test(site)
  const siteRule = taken.includes(site) ? 'siteTaken' : isId ? undefined : 'isId'
  const shownRule = isTried || (site !== '' && siteRule !== undefined) ? siteRule : undefined
  const siteError =
    shownRule === 'siteTaken'
      ? words('siteTaken')
      : shownRule && faultWords({ pointer: '/site', rule: shownRule, detail: '' })
  const create = (event: Event) => {
    event.preventDefault()
    setIsTried(true)
    if (siteRule !== undefined || name.trim() === '' || !areAcceptable(typed)) return
    start(async () => {
      const { origins } = readOrigins(typed)
      onDone(await ledger.createSite({ site, name: name.trim(), kind, origins }))
      setSite('')
      setName('')
      setTyped('')
      setIsTried(false)
    })
  }
  return (
    <form class="card" autocomplete="off" noValidate onSubmit={create}>
      <h2>{words('newSite')}</h2>
      <div class="row">
        <Field label={words('name')} error={isTried && name.trim() === '' ? words('needsName') : undefined}>
          {(control) => (
            <input {...control} maxLength={500} value={name} onInput={(event) => setName(event.currentTarget.value)} />
          )}
        </Field>
        <Field label={words('id')} hint={hint('', 'id')} error={siteError}>
          {(control) => (
            <input {...control} value={site} onInput={(event) => setSite(event.currentTarget.value.trim())} />
          )}
        </Field>
        <ChoiceField
          label={words('kind')}
          choices={kinds}
          value={kind}
          textOf={(each) => valueName(`site-${each}`)}
          onChoice={setKind}
        />
      </div>
      <OriginsField typed={typed} onType={setTyped} />
      <button type="submit" disabled={work.state === 'running'}>
        {words('create')}
      </button>
      {work.state === 'failed' && <Problem error={work.error} />}
    </form>
  )
}
