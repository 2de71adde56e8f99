/** Changes which origins may use a site's key: the whole list, as the next change. */
import { useState } from 'preact/hooks'
import { Problem } from '../components/problem.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import type { CurrentSite, SiteAct } from './current-sites.ts'
import { OriginsField } from './origins-field.tsx'
import { areAcceptable, readOrigins } from './read-origins.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SiteFormProps {
  readonly site: CurrentSite
  readonly onDone: (act: SiteAct) => void
  readonly onCancel: () => void
}

export function OriginsForm({ site, onDone, onCancel }: SiteFormProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [typed, setTyped] = useState(site.origins.join('\n'))
  const [work, start] = useWork<void>()
  const { origins } = readOrigins(typed)
  const lost = site.origins.filter((origin) => !origins.includes(origin))
  const save = (event: Event) => {
    event.preventDefault()
    if (!areAcceptable(typed)) return
    start(async () => onDone(await ledger.changeOrigins(site.site, { change: site.change + 1, origins })))
  }
  return (
    <OpenedSection title={words('originsOf', { site: site.name })}>
      <form autocomplete="off" onSubmit={save}>
        <OriginsField typed={typed} onType={setTyped} />
        {lost.length > 0 && <p>{words('lost', { origins: lost.join(', ') })}</p>}
        <p class="buttons">
          <button type="submit" disabled={work.state === 'running'}>
            {words('save')}
          </button>
          <button type="button" class="quiet" onClick={onCancel}>
            {words('cancel')}
          </button>
        </p>
        {work.state === 'failed' && <Problem error={work.error} />}
      </form>
    </OpenedSection>
  )
}
