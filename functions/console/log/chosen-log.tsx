/** One log: opened and verified, then its parts. What would be bad news comes first. */
import { useCallback, useEffect } from 'preact/hooks'
import { Outcome } from '../components/outcome.tsx'
import { useWork } from '../shell/use-work.ts'
import { CheckpointView } from './checkpoint-view.tsx'
import { ConsistencySection } from './consistency-section.tsx'
import { type Growth, readGrowth } from './growth.ts'
import { GrowthSection } from './growth-section.tsx'
import { HealthSection } from './health-section.tsx'
import { LeafSection } from './leaf-section.tsx'
import { LogProblem } from './log-problem.tsx'
import { type LogChoice, type OpenedLog, openLog } from './opened-log.ts'
import { compareWithLastVisit, type SinceLastVisit } from './remembered-checkpoint.ts'
import { SinceLastVisitNotice } from './since-last-visit.tsx'

export interface ChosenLogProps {
  readonly choice: LogChoice
  /** A token of an auditor of the controller. */
  readonly token: string | undefined
}

interface Compared {
  readonly log: OpenedLog
  readonly since: SinceLastVisit
}

export function ChosenLog({ choice, token }: ChosenLogProps) {
  const [work, start] = useWork<Compared>()
  const begin = useCallback(() => {
    start(async () => {
      const log = await openLog(choice, token)
      return { log, since: await compareWithLastVisit(log.source, log.policy, log.newest) }
    })
  }, [start, choice, token])
  useEffect(begin, [begin])
  if (work.state === 'failed') return <LogProblem error={work.error} retry={begin} />
  return (
    <Outcome work={work}>
      {({ log, since }) => (
        <>
          <SinceLastVisitNotice since={since} log={log} />
          <LogParts log={log} onReload={begin} />
        </>
      )}
    </Outcome>
  )
}

function LogParts({ log, onReload }: { readonly log: OpenedLog; readonly onReload: () => void }) {
  const [growth, start] = useWork<Growth>()
  const begin = useCallback(() => start(() => readGrowth(log.source, log.policy, log.newest)), [start, log])
  useEffect(begin, [begin])
  return (
    <>
      <CheckpointView log={log} onReload={onReload} />
      <HealthSection newest={log.newest} />
      <GrowthSection work={growth} retry={begin} />
      <ConsistencySection log={log} checkpoints={growth.state === 'done' ? growth.value.checkpoints : []} />
      <LeafSection log={log} />
    </>
  )
}
