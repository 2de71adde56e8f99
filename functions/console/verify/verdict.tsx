/** The verdict in words, with the reason when there is none that one can rely on. */
import type { Verification } from '../../../shared/verify/verification.ts'
import { Notice } from '../components/notice.tsx'
import { useWords } from '../shell/language.ts'
import { useSentence } from './use-sentence.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const kinds = { valid: 'good', pending: 'warning', invalid: 'bad', undetermined: 'warning' } as const

export function Verdict({ verification }: { readonly verification: Verification }) {
  const words = useWords(english, swedish)
  const sentenceOf = useSentence()
  const { verdict, failed, pending = [] } = verification
  return (
    <Notice kind={kinds[verdict]} title={words(`verdict-${verdict}`)}>
      {failed === undefined ? (
        <p>
          {words('valid')} {pending.length > 0 && words('pendingNext')}
        </p>
      ) : (
        <>
          <p>
            {words(verdict === 'invalid' ? 'invalidAt' : 'undeterminedAt', { step: words(`step-${failed.step}`) })}{' '}
            {sentenceOf(failed.said)}
          </p>
          {verdict === 'invalid' && <p>{words('invalidNext')}</p>}
        </>
      )}
    </Notice>
  )
}
