/** The last lines of `npm run fsck`: whether there was anything to redrive. */
import { expect, it } from 'vitest'
import type { RedrivenByController } from '../../../infra/local/fsck/redrive-audited.ts'
import { reportText } from '../../../infra/local/fsck/report-text.ts'
import { zeroCounts } from '../../../shared/ledger/audit/findings.ts'

const nothing = 'Nothing to redrive: every entry has its leaf.'
const lastLine = (redriven?: RedrivenByController) => {
  const report = { clean: true, compared: zeroCounts(), counts: {}, findings: [], redrive: [] }
  return reportText('.ledger', { ...report, ...(redriven && { redriven }) })
    .split('\n')
    .at(-1)
}

it.each<[string, RedrivenByController | undefined, string]>([
  ['was not asked for', undefined, 'No findings.'],
  ['had nothing to do', {}, nothing],
  ['was refused', { acme: { refused: 'its log is damaged' } }, 'Not redriven: acme; its log is damaged.'],
])('says so when a redrive %s', (_, redriven, line) => {
  expect(lastLine(redriven)).toBe(line)
})
