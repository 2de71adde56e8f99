/**
 * Verify: checks a file in this browser with keys that the reader trusts. No request is made while it verifies; the only one of the page is
 * the one for this ledger's own keys, on a press.
 */
import { useCallback, useEffect } from 'preact/hooks'
import { Notice } from '../components/notice.tsx'
import { useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import { openVerifier, type Verifier } from './verifier.ts'
import { VerifyForm } from './verify-form.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function VerifyPage() {
  const words = useWords(english, swedish)
  const [opening, start] = useWork<Verifier>()
  const begin = useCallback(() => start(openVerifier), [start])
  useEffect(begin, [begin])
  useEffect(() => (opening.state === 'done' ? opening.value.close : undefined), [opening])
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      {(opening.state === 'idle' || opening.state === 'running') && (
        <p class="busy" role="status">
          {words('loadingVerifier')}
        </p>
      )}
      {opening.state === 'failed' && (
        <Notice kind="bad">
          <p>{words('notLoaded')}</p>
          <button type="button" class="quiet" onClick={begin}>
            {words('tryAgain')}
          </button>
        </Notice>
      )}
      {opening.state === 'done' && <VerifyForm verifier={opening.value} />}
    </>
  )
}
