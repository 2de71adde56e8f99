/** Revokes a grant, after a second press. A revoked grant cannot be brought back; another one can be made. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Problem } from '../components/problem.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface RevokeButtonProps {
  readonly grantId: string
  readonly name: string
  readonly onRevoked: () => void
}

export function RevokeButton({ grantId, name, onRevoked }: RevokeButtonProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [isAsked, setIsAsked] = useState(false)
  const [work, start] = useWork<void>()
  const no = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isAsked) no.current?.focus()
  }, [isAsked])
  if (!isAsked)
    return (
      <p>
        <button type="button" class="link" aria-label={words('revokeOf', { name })} onClick={() => setIsAsked(true)}>
          {words('revoke')}
        </button>
      </p>
    )
  const revoke = () =>
    start(async () => {
      await ledger.revokeGrant(grantId)
      onRevoked()
    })
  return (
    <>
      <p role="alert">{words('sure', { name })}</p>
      <p class="next">
        <button type="button" disabled={work.state === 'running'} onClick={revoke}>
          {words('yes')}
        </button>
        <button ref={no} type="button" class="quiet" onClick={() => setIsAsked(false)}>
          {words('no')}
        </button>
      </p>
      {work.state === 'failed' && <Problem error={work.error} />}
    </>
  )
}
