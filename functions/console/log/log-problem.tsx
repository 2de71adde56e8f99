/** Says why a log cannot be shown: its signatures or its list do not hold, or the ledger could not be reached. The first is an accusation. */

import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { LogFailure } from '../../../shared/verify/log-failure.ts'
import { Notice } from '../components/notice.tsx'
import { Problem } from '../components/problem.tsx'
import { useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function LogProblem({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const words = useWords(english, swedish)
  if (error instanceof TlogError && ['malformed-policy', 'malformed-key', 'malformed-base64'].includes(error.code))
    return (
      <Notice kind="bad" title={words('badKeys')}>
        <p>{words('badKeysNext')}</p>
        <p lang="en">{error.message}</p>
      </Notice>
    )
  if (error instanceof TlogError || error instanceof LogFailure)
    return (
      <Notice kind="bad" title={words('notVerified')}>
        <p>{words('notVerifiedNext')}</p>
        <p lang="en">{error.message}</p>
      </Notice>
    )
  return <Problem error={error} {...(retry && { retry })} />
}
