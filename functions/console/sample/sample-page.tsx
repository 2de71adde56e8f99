/** Sample audit: draw a reproducible random sample of the log, work through it, and keep what was found. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { Outcome } from '../components/outcome.tsx'
import { LogProblem } from '../log/log-problem.tsx'
import { type OpenedLog, openLog } from '../log/opened-log.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { Checklist } from './checklist.tsx'
import { DrawForm } from './draw-form.tsx'
import { checkAnswer } from './drawn-sample.ts'
import { readFindingsFile } from './findings.ts'
import { type Audit, discardAudit, keptAudit } from './kept-audit.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

interface Opened {
  readonly log: OpenedLog
  /** What the tab had kept, checked anew. */
  readonly kept: Audit | undefined
}

export function SamplePage() {
  const words = useWords(english, swedish)
  const { controller, token } = useSession()
  const [work, start] = useWork<Opened>()
  const begin = useCallback(() => {
    start(async () => {
      const log = await openLog({ controller, keys: '' }, token)
      return { log, kept: await resume(keptAudit(controller), log) }
    })
  }, [start, controller, token])
  useEffect(begin, [begin])
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      {work.state === 'failed' ? (
        <LogProblem error={work.error} retry={begin} />
      ) : (
        <Outcome work={work}>{({ log, kept }) => <SampleAudit log={log} kept={kept} />}</Outcome>
      )}
    </>
  )
}

function SampleAudit({ log, kept }: Opened) {
  const [audit, setAudit] = useState(kept)
  if (audit === undefined) return <DrawForm log={log} onAudit={setAudit} />
  const discard = () => {
    discardAudit(log.controller)
    setAudit(undefined)
  }
  return <Checklist log={log} audit={audit} onDiscard={discard} />
}

/** What was kept and no longer verifies, as after a change of keys, is shown as if there were none; it stays kept. */
async function resume(file: string | undefined, log: OpenedLog): Promise<Audit | undefined> {
  const read = file === undefined ? undefined : readFindingsFile(file)
  if (read === undefined) return undefined
  const sample = await checkAnswer(read.sample, log.policy).catch(() => undefined)
  return sample && { sample, findings: read.findings }
}
