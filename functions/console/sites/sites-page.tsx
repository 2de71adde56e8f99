/** Sites: the websites, apps and services on which people decide, each with its publishable key and the origins that may use it. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import { DoneNotice } from '../confirmation/done-notice.tsx'
import { useLabels } from '../schema-form/labels.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { CopyButton } from './copy-button.tsx'
import { type CurrentSite, type SiteAct, withActs } from './current-sites.ts'
import { NewSiteForm } from './new-site-form.tsx'
import { OriginsForm } from './origins-form.tsx'
import { RevokeSiteForm } from './revoke-site-form.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function SitesPage() {
  const { ledger } = useSession()
  const [work, start] = useWork<readonly CurrentSite[]>()
  const begin = useCallback(() => start(async () => (await ledger.listSites()).sites), [ledger, start])
  useEffect(begin, [begin])
  return (
    <Outcome work={work} retry={begin}>
      {(sites) => <Sites listed={sites} />}
    </Outcome>
  )
}

interface Opened {
  readonly form: 'origins' | 'revoke'
  readonly site: string
}

function Sites({ listed }: { readonly listed: readonly CurrentSite[] }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { valueName } = useLabels()
  const [acts, setActs] = useState<readonly SiteAct[]>([])
  const [opened, setOpened] = useState<Opened>()
  const sites = withActs(listed, acts)
  const chosen = sites.find(({ site }) => site === opened?.site)
  const done = (act: SiteAct) => {
    setActs([...acts, act])
    setOpened(undefined)
  }
  const last = acts.at(-1)
  const row = (each: CurrentSite) => [
    <>
      {each.name}
      <br />
      <code>{each.site}</code>
    </>,
    valueName(`site-${each.kind}`),
    <>
      <code>{each.key}</code>
      <br />
      <CopyButton text={each.key} name={words('keyOf', { site: each.site })} />
    </>,
    each.origins.length === 0 ? words('noOrigins') : <Origins key="origins" origins={each.origins} />,
    each.revokedAt === undefined ? (
      <>
        {words('inUse')}
        <p class="item-actions">
          <button
            type="button"
            class="link"
            aria-label={`${words('changeOrigins')}: ${each.site}`}
            onClick={() => setOpened({ form: 'origins', site: each.site })}
          >
            {words('changeOrigins')}
          </button>
          <button
            type="button"
            class="link"
            aria-label={`${words('revoke')}: ${each.site}`}
            onClick={() => setOpened({ form: 'revoke', site: each.site })}
          >
            {words('revoke')}
          </button>
        </p>
      </>
    ) : (
      words('revokedAt', { at: formats.instant(each.revokedAt) })
    ),
  ]
  return (
    <>
      <p>{words('introduction')}</p>
      {last && <Done key={acts.length} act={last} />}
      {chosen && opened?.form === 'origins' && (
        <OriginsForm key={chosen.site} site={chosen} onDone={done} onCancel={() => setOpened(undefined)} />
      )}
      {chosen && opened?.form === 'revoke' && (
        <RevokeSiteForm key={chosen.site} site={chosen} onDone={done} onCancel={() => setOpened(undefined)} />
      )}
      <DataTable
        caption={words('sites')}
        columns={[words('site'), words('kind'), words('key'), words('origins'), words('state')]}
        rows={sites.map(row)}
        empty={words('noSites')}
      />
      <NewSiteForm taken={sites.map(({ site }) => site)} onDone={done} />
    </>
  )
}

function Origins({ origins }: { readonly origins: readonly string[] }) {
  return (
    <ul class="plain-list">
      {origins.map((origin) => (
        <li key={origin}>
          <code>{origin}</code>
        </li>
      ))}
    </ul>
  )
}

function Done({ act }: { readonly act: SiteAct }) {
  const words = useWords(english, swedish)
  if ('key' in act)
    return (
      <DoneNotice title={words('created', { site: act.site })}>
        <p>
          {words('createdNext')} <code>{act.key}</code>
        </p>
      </DoneNotice>
    )
  return (
    <DoneNotice title={words('revokedAt' in act ? 'revoked' : 'changed', { site: act.site })}>
      <p>{words('withinSeconds')}</p>
    </DoneNotice>
  )
}
