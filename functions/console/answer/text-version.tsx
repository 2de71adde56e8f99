/** A version of a policy's text: name, date, and a link to its public page. */
import type { PolicyVersion } from '../../../shared/consent/policy.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export type ShownVersion = Pick<PolicyVersion, 'policyId' | 'version' | 'notBefore'>

export interface TextVersionProps {
  /** Whose page of the version is linked; `undefined`: none is. */
  readonly controller: string | undefined
  readonly version: ShownVersion | undefined
}

export function TextVersion({ controller, version }: TextVersionProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  if (version === undefined) return <>{words('noText')}</>
  const { policyId, version: name, notBefore } = version
  return (
    <>
      {words('version', { version: name, date: formats.day(notBefore) })}{' '}
      {controller !== undefined && (
        <a href={`/policies/${[controller, policyId, 'versions', name].map(encodeURIComponent).join('/')}`}>
          {words('read')}
        </a>
      )}
    </>
  )
}
