/** Revokes a site for ever, after its id was typed. */
import { Problem } from '../components/problem.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { TypedConfirmation } from '../confirmation/typed-confirmation.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import type { SiteFormProps } from './origins-form.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function RevokeSiteForm({ site, onDone, onCancel }: SiteFormProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<void>()
  return (
    <OpenedSection title={words('revokeTitle', { site: site.name })}>
      <p>{words('revokeMeans')}</p>
      <TypedConfirmation
        name={site.site}
        action={words('revoke')}
        isBusy={work.state === 'running'}
        onConfirm={() => start(async () => onDone(await ledger.revokeSite(site.site)))}
        onCancel={onCancel}
      />
      {work.state === 'failed' && <Problem error={work.error} />}
    </OpenedSection>
  )
}
