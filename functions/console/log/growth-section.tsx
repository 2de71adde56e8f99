/** The growth of the log: a chart, and a table with the same numbers. */
import { isoOf } from '../../../shared/verify/signed-checkpoint.ts'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import type { Work } from '../shell/use-work.ts'
import { type Growth, growthPoints } from './growth.ts'
import { GrowthChart } from './growth-chart.tsx'
import { LogProblem } from './log-problem.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** Points of the chart, and rows of the table. */
const mostPoints = 60

export function GrowthSection({ work, retry }: { readonly work: Work<Growth>; readonly retry: () => void }) {
  const words = useWords(english, swedish)
  return (
    <section aria-labelledby="growth">
      <h2 id="growth">{words('growth')}</h2>
      {work.state === 'failed' ? (
        <LogProblem error={work.error} retry={retry} />
      ) : (
        <Outcome work={work}>{(growth) => <GrowthView growth={growth} />}</Outcome>
      )}
    </section>
  )
}

function GrowthView({ growth: { checkpoints, untimed, isWhole } }: { readonly growth: Growth }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const points = growthPoints(checkpoints, mostPoints)
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return <p class="empty">{words('noGrowth')}</p>
  const time = (seconds: number) => formats.instant(isoOf(seconds))
  return (
    <>
      <p>
        {words('growthIs', { count: checkpoints.length, from: time(first.seconds), to: time(last.seconds) })}{' '}
        {!isWhole && words('growthGaps')} {untimed > 0 && words('growthUntimed', { count: untimed })}
      </p>
      <div class="growth">
        {points.length > 1 && <GrowthChart points={points} />}
        <DataTable
          caption={words('growthTable', { count: points.length })}
          columns={[words('time'), words('leaves'), words('added')]}
          rows={points
            .toReversed()
            .map(({ seconds, size, added }) => [time(seconds), formats.number(size), formats.number(added)])}
          empty={words('noGrowth')}
        />
      </div>
    </>
  )
}
