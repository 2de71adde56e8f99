/** The report that a drill of a restore keeps: what was restored and which step failed; none of a dry run. */
import { expect, it } from 'vitest'
import type { TableRecovery } from '../../../functions/aws/table-recovery.ts'
import { reportedDrill } from '../../../infra/recovery/reported-drill.ts'
import { readReport, reportFolder } from '../../../shared/ledger/jobs/stored-reports.ts'
import type { Objects } from '../../../shared/ledger/store.ts'
import { memoryObjects } from '../../support/memory-ledger.ts'

/** Tables that are restored at once and lack their policy, so that the drill stops at its fourth step. */
function recoveryWithoutPolicies(): TableRecovery {
  const restored = new Set<string>()
  const unused = async () => {
    throw new Error('not reached')
  }
  return {
    async describe(name) {
      if (name.startsWith('r-') && !restored.has(name)) return undefined
      return { arn: `arn:${name}`, status: 'ACTIVE', isStreamed: true, isProtected: true }
    },
    window: async () => ({ isOn: true, earliest: 1_000, latest: 9_000 }),
    async restore(_, target) {
      restored.add(target)
    },
    policy: async () => undefined,
    ...{ setPolicy: unused, recover: unused, protect: unused, stream: unused, count: unused },
  }
}

const now = '2026-11-30T12:00:00.000Z'

async function drill(isDryRun: boolean, objects: Pick<Objects, 'put'>) {
  const unkept: string[] = []
  const steps = await reportedDrill(
    {
      recovery: recoveryWithoutPolicies(),
      audit: async () => ({ clean: true, counts: {} }),
      sleep: async () => undefined,
      progress: () => undefined,
      objects,
      clock: () => Date.parse(now),
      random: (count) => new Uint8Array(count),
      onUnkept: ({ message }) => unkept.push(message),
    },
    { source: { entries: 'entries', log: 'log' }, prefix: 'r-', isDryRun },
  )
  return { last: steps.at(-1), unkept }
}

it('names what was restored and the step that failed', async () => {
  const objects = memoryObjects()
  expect(await drill(false, objects)).toMatchObject({ last: { step: 'guard', outcome: 'failed' }, unkept: [] })
  const name = (await objects.first(reportFolder('restore'))) ?? ''
  expect(readReport((await objects.get(name)) ?? Buffer.of())).toEqual({
    v: 1,
    ...{ job: 'restore', dryRun: false, startedBy: 'command', outcome: 'done', counts: {} },
    ...{ startedAt: now, endedAt: now },
    changes: [{ change: 'tables-restored', count: 2 }],
    findings: [{ finding: 'step-failed', check: 'guard', count: 1 }],
  })
})

it('is kept of no dry run', async () => {
  const objects = memoryObjects()
  expect(await drill(true, objects)).toMatchObject({ last: { step: 'switch', outcome: 'would' } })
  expect(await objects.first(reportFolder('restore'))).toBeUndefined()
})

it('that cannot be stored leaves the drill as it is', async () => {
  const put = async () => {
    throw new Error('AccessDenied')
  }
  expect(await drill(false, { put })).toMatchObject({
    last: { step: 'guard', outcome: 'failed' },
    unkept: ['AccessDenied'],
  })
})
