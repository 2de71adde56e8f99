/** The report of a self-audit for people: how much was compared, then each check with findings, and where they are. */
import { auditChecks, type Finding, findingSeverities, type Severity } from '../../../shared/ledger/audit/findings.ts'
import { harmless } from '../../terminal-text.ts'
import type { AuditReport } from './audit-report.ts'
import type { RedrivenByController } from './redrive-audited.ts'

const shownEach = 10
const nothingToRedrive = 'Nothing to redrive: every entry has its leaf.'

export function reportText(dataFolder: string, report: AuditReport): string {
  const { counts, findings, redriven, dryRun = false } = report
  const found = Object.keys(counts).sort(bySeverity)
  const lines = [
    `Self-audit of ${dataFolder}: tables, vault, objects and log were compared.`,
    '',
    ...comparedLines(report),
    '',
    ...found.flatMap((name) => group(name, counts[name] ?? 0, findings)),
    conclusion(report),
  ]
  for (const [controller, done] of Object.entries(redriven ?? {})) lines.push(redrivenLine(controller, done, dryRun))
  if (redriven !== undefined && Object.keys(redriven).length === 0) lines.push(nothingToRedrive)
  return lines.join('\n')
}

function redrivenLine(controller: string, done: RedrivenByController[string], dryRun: boolean): string {
  if ('refused' in done) return `Not redriven: ${controller}; ${done.refused}.`
  const { indexed, size, skipped } = done
  const unsequenced = skipped.length > 0 ? `, ${skipped.length} could not be sequenced` : ''
  return dryRun
    ? `Would be redriven: ${controller}; ${indexed} entries would get their leaf, the newest checkpoint would have ${size}${unsequenced}. Nothing was written.`
    : `Redriven: ${controller}; ${indexed} entries got their leaf, the newest checkpoint has ${size}${unsequenced}. Run it again to see.`
}

/** The last line. Must agree with the counts above it and with the exit code. */
function conclusion({ clean, counts }: AuditReport): string {
  if (!clean) return 'There are findings. Nothing was repaired: this is for a person to look at.'
  const of = (wanted: Severity) =>
    Object.entries(counts).reduce((sum, [name, n]) => sum + (severityOf(name) === wanted ? n : 0), 0)
  const [pending, notes] = [of('pending'), of('note')]
  const said = [
    pending > 0 &&
      `${pending.toLocaleString('en')} pending: not due yet, or not to be judged from here; run it again later`,
    notes > 0 && `${notes.toLocaleString('en')} noted`,
  ].filter((part) => part !== false)
  return said.length === 0 ? 'No findings.' : `Nothing is damaged. Of the findings above, ${said.join('; ')}.`
}

function comparedLines({ compared: n }: AuditReport): string[] {
  const count = (value: number, what: string) => `${value.toLocaleString('en')} ${what}`
  const rows = [
    [
      count(n.controllers, n.controllers === 1 ? 'controller' : 'controllers'),
      count(n.subjects, 'subjects in the vault'),
    ],
    [
      count(n.entries, 'entries'),
      count(n.events, 'events'),
      count(n.reads, 'reads'),
      count(n.acts, 'acts'),
      count(n.records, 'records'),
    ],
    [count(n.erased, 'closed by erasure'), count(n.lapsed, 'by retention'), count(n.withoutContext, 'without context')],
    ...(n.withoutDigestCheck > 0
      ? [[count(n.withoutDigestCheck, 'events recorded before their digest could be checked')]]
      : []),
    [count(n.leaves, 'leaves'), count(n.batches, 'batches'), count(n.indexRows, 'index rows')],
    [
      count(n.checkpoints, 'checkpoints'),
      count(n.tiles, 'tiles'),
      count(n.bundles, 'bundles'),
      count(n.texts, 'texts'),
      count(n.certificates, 'certificates'),
    ],
  ]
  return rows.map((row) => `  ${row.join(', ')}`)
}

function group(name: string, count: number, findings: readonly Finding[]): string[] {
  const own = findings.filter(({ check, severity }) => `${check} ${severity}` === name)
  const [first] = own
  if (first === undefined) return []
  const { check, severity } = first
  const shown = own.slice(0, shownEach).map((finding) => `    ${placeOf(finding)}`)
  const rest = count > shown.length ? [`    and ${(count - shown.length).toLocaleString('en')} more`] : []
  return [`  ${severity}  ${check}  (${count.toLocaleString('en')})  ${auditChecks[check].says}`, ...shown, ...rest, '']
}

function placeOf({ controller, where, says, check }: Finding): string {
  const { leafIndex, treeSize, object, key } = where
  const detail = says.slice(auditChecks[check].says.length)
  const parts = [
    controller,
    leafIndex !== undefined && `leaf ${leafIndex}`,
    treeSize !== undefined && `size ${treeSize}`,
    object,
    key && `${key.pk} ${key.sk}`,
  ]
  return harmless(parts.filter((part) => part !== undefined && part !== false && part !== '').join('  ') + detail)
}

/** `name`: `<check> <severity>`, under which a count is kept. */
const severityOf = (name: string) => name.slice(name.indexOf(' ') + 1)

function bySeverity(a: string, b: string): number {
  const of = (name: string) => findingSeverities.findIndex((each) => name.endsWith(` ${each}`))
  return of(a) - of(b) || (a < b ? -1 : 1)
}
