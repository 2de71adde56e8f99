/** A version of a policy's text: name, date, and a link to its public page. */
import type { PolicyVersion } from '../../../shared/server/wire.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface TextVersionProps {
  readonly controller: string
  readonly version: PolicyVersion | undefined
}

export function TextVersion({ controller, version }: TextVersionProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  if (version === undefined) return <>{words('noText')}</>
  const path = [controller, version.policyId, 'versions', version.version].map(encodeURIComponent).join('/')
  return (
    <>
      {words('version', { version: version.version, date: formats.day(version.notBefore) })}{' '}
      <a href={`/policies/${path}`}>{words('read')}</a>
    </>
  )
}
