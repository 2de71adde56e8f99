/** What was just done, and what follows from it. */
import type { PolicyHistory, PolicyVersion, Retraction } from '../../../shared/consent/policy.ts'
import { DoneNotice } from '../confirmation/done-notice.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export type PublishedAct =
  | { readonly policyId: string; readonly version: PolicyVersion }
  | { readonly policyId: string; readonly retraction: Retraction }

/** A history with what was just done to it, which the ledger's answers may lack for some seconds. */
export function withAct(history: PolicyHistory, act: PublishedAct | undefined): PolicyHistory {
  if (act === undefined || act.policyId !== history.policyId) return history
  if ('version' in act) {
    const isKnown = history.versions.some(({ version }) => version === act.version.version)
    return isKnown ? history : { ...history, versions: [...history.versions, act.version] }
  }
  const isKnown = history.retractions.some(({ version }) => version === act.retraction.version)
  return isKnown ? history : { ...history, retractions: [...history.retractions, act.retraction] }
}

/** The public page of a version. */
export function publicAddressOf(controller: string, { policyId, version }: PolicyVersion): string {
  return `/policies/${[controller, policyId, 'versions', version].map(encodeURIComponent).join('/')}`
}

export function Published({ act }: { readonly act: PublishedAct }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { controller } = useSession()
  if ('retraction' in act)
    return (
      <DoneNotice title={words('retracted', { version: act.retraction.version })}>
        <p>{words('retractedNext')}</p>
      </DoneNotice>
    )
  const { version } = act
  return (
    <DoneNotice title={words('published', { version: version.version })}>
      <p>{words('publishedNext', { at: formats.instant(version.notBefore) })}</p>
      <p>
        <a href={publicAddressOf(controller, version)}>{words('readIt')}</a>
      </p>
    </DoneNotice>
  )
}
