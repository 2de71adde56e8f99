/**
 * What anyone can read today about the health of the log: whether the ledger answers, and how old the newest checkpoint is against the promised
 * delay. Whether a promise was kept follows from a receipt only, because leaves state no time in clear.
 */
import { useCallback, useEffect } from 'preact/hooks'
import { promisedDelaySeconds } from '../../../shared/consent/promised-delay.ts'
import { isoOf, type SignedCheckpoint } from '../../../shared/verify/signed-checkpoint.ts'
import { Facts } from '../components/facts.tsx'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { addressOf } from '../shell/route.ts'
import { useWork } from '../shell/use-work.ts'
import { ago } from './elapsed.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function HealthSection({ newest }: { readonly newest: SignedCheckpoint }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const [health, start] = useWork<boolean>()
  const begin = useCallback(() => start(async () => (await fetch('/healthz', { credentials: 'omit' })).ok), [start])
  useEffect(begin, [begin])
  const now = Date.now() / 1000
  const state =
    health.state === 'done' && health.value ? 'healthy' : health.state === 'running' ? 'asking' : 'unhealthy'
  return (
    <section aria-labelledby="health">
      <h2 id="health">{words('health')}</h2>
      <Facts
        rows={[
          [
            words('ledger'),
            <span key="state" role="status">
              {words(state)}
            </span>,
          ],
          [
            words('promise'),
            <>
              {words('promiseIs', {
                seconds: promisedDelaySeconds,
                by: formats.instant(isoOf(Math.floor(now) - promisedDelaySeconds)),
              })}{' '}
              {newest.seconds !== undefined && words('idle', { ago: ago(now - newest.seconds, language) })}{' '}
              <a href={addressOf('verify')}>{words('promiseCheck')}</a>
            </>,
          ],
          [words('selfAudit'), words('selfAuditIs')],
        ]}
      />
    </section>
  )
}
