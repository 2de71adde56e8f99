/** Log: anyone may look at the log of a controller, and this page checks it with keys that the ledger serves or that the reader brings. */
import { useCallback, useContext, useEffect, useState } from 'preact/hooks'
import { Outcome } from '../components/outcome.tsx'
import { type Configuration, fetchConfiguration } from '../shell/configuration.ts'
import { useWords } from '../shell/language.ts'
import { SessionContext } from '../shell/ledger.ts'
import { addressOf, useRoute } from '../shell/route.ts'
import { useWork } from '../shell/use-work.ts'
import { ChosenLog } from './chosen-log.tsx'
import { LogForm } from './log-form.tsx'
import type { LogChoice } from './opened-log.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** Without the list a reader can still name a controller. */
const noList: Configuration = { controllers: [] }

export function LogPage() {
  const [work, start] = useWork<Configuration>()
  const begin = useCallback(() => start(() => fetchConfiguration().catch(() => noList)), [start])
  useEffect(begin, [begin])
  return <Outcome work={work}>{(configuration) => <Logs configuration={configuration} />}</Outcome>
}

function Logs({ configuration: { controllers } }: { readonly configuration: Configuration }) {
  const words = useWords(english, swedish)
  const { parameters } = useRoute()
  const session = useContext(SessionContext)
  const [choice, setChoice] = useState<LogChoice>({
    controller: parameters.get('controller') ?? session?.controller ?? controllers[0]?.controller ?? '',
    keys: '',
  })
  const open = (chosen: LogChoice) => {
    setChoice(chosen)
    // The address can be passed on. It does not contain keys, because each reader has to bring the keys that they trust.
    history.replaceState(null, '', addressOf('log', { controller: chosen.controller }))
  }
  const isAuditor = session?.controller === choice.controller && session.scopes.includes('consent.audit')
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      <LogForm controllers={controllers} choice={choice} onOpen={open} />
      {choice.controller !== '' && (
        <ChosenLog
          key={`${choice.controller} ${choice.keys}`}
          choice={choice}
          token={isAuditor ? session.token : undefined}
        />
      )}
    </>
  )
}
