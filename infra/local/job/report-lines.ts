/** The report of a job for people: one line, and below it what was changed, found and left. */

import type { Disposal } from '../../../shared/consent/disposals.ts'
import { type JobReport, jobChanges } from '../../../shared/ledger/jobs/job-report.ts'
import { harmless } from '../../terminal-text.ts'

export function reportLines(report: JobReport): string[] {
  const { job, dryRun, startedBy, startedAt, endedAt, outcome, code, counts, changes, findings, left } = report
  const { disposals = [] } = report
  const seconds = Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)
  const ended = { done: 'done', 'in-part': 'done in part', failed: `failed${code ? `: ${code}` : ''}` }[outcome]
  const looked = Object.entries(counts).map(([what, count]) => `${number(count)} ${what.replaceAll('-', ' ')}`)
  const lines = [
    `${startedAt}  ${job.padEnd(10)}  by ${startedBy.padEnd(8)}  ${dryRun ? 'dry run, ' : ''}${ended}, ${seconds} s`,
    ...(looked.length > 0 ? [`looked at ${looked.join(', ')}`] : []),
    ...(dryRun && changes.length + disposals.length === 0 ? ['would change nothing'] : []),
    ...changes.map(
      ({ change, count, controller }) =>
        `${dryRun ? 'would be: ' : ''}${number(count)} ${jobChanges[change] ?? change}${of(controller)}`,
    ),
    ...disposals.map((row) => `${dryRun ? 'would go: ' : 'gone: '}${disposalText(row)}${of(row.controller)}`),
    ...findings.map(
      ({ finding, count, controller, check, code }) =>
        `finding: ${number(count)} ${[finding, check, code].filter(Boolean).join(' ')}${of(controller)}`,
    ),
    ...(left ? [`left: ${number(left.count)} ${left.of}; ${left.next}`] : []),
  ]
  return lines.map((line, i) => (i === 0 ? '' : '    ') + harmless(line))
}

const keysLost = { context: 'contexts', proof: 'proofs', subject: 'subjects with all that is left' } as const

/** Such as `120 proofs of 2024: evidence-term P1Y of newsletter`. */
function disposalText({ keys, year, rule, term, purposeId, policyId, subjects }: Disposal): string {
  const named = [term, (purposeId ?? policyId) && `of ${purposeId ?? policyId}`].filter(Boolean)
  return `${number(subjects)} ${keysLost[keys]}${year === undefined ? '' : ` of ${year}`}: ${[rule, ...named].join(' ')}`
}

const number = (count: number) => count.toLocaleString('en')
const of = (controller: string | undefined) => (controller === undefined ? '' : ` (${controller})`)
