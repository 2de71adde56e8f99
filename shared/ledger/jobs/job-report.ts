/**
 * The report of one run of a job that an operator or a schedule starts: the record `job-report`, version 1. It is the answer of the run, and
 * `stored-reports.ts` keeps it where the run changed something. It names controllers, which are public, and no person, key or item.
 *
 * A dry run has the same report: its `changes` are those that a run right after it would make.
 */

import { disposal } from '../../consent/disposals.ts'
import {
  count,
  extended,
  flag,
  id,
  instant,
  integer,
  list,
  mapOf,
  name,
  oneOf,
  oneOfKnown,
  optional,
  record,
  type TypeOf,
} from '../../consent/schema.ts'

export const jobNames = [
  'sweep',
  'release',
  'retain',
  'redrive',
  'self-audit',
  'import',
  'deliver',
  'export',
  'statistics',
  'expiry',
  'witness',
  'fsck',
  'restore',
] as const
export type JobName = (typeof jobNames)[number]

/** Who started a run: a schedule, a delivery that failed, or a person with a command. */
export const starters = ['schedule', 'failure', 'command'] as const
export type Starter = (typeof starters)[number]

/** What a run changes and why, as a phrase behind a number. */
export const jobChanges = {
  'entries-sequenced': 'entries sequenced, which had no leaf',
  'index-rows-inserted': 'index rows inserted, which a last batch lacked',
  'logs-published': 'logs published, which had entries without a checkpoint',
  'copies-stored': 'copies of a newest checkpoint stored, which were missing or old',
  'receipt-key-certified': 'certificate of the receipt key made, which was missing',
  'subjects-erased':
    'subjects erased, of whom nothing was to be retained, or whose erasure was asked for or unfinished',
  'years-destroyed': 'years of subjects destroyed, whose retention has passed',
  'contexts-destroyed': 'contexts destroyed, whose retention has passed',
  'orphans-removed': 'rows of the vault removed, which had no subject',
  'records-imported': 'records of other tools imported',
  'days-counted': 'days counted, whose statistics can now be asked for',
  'ends-announced': 'ends of consents put into a notice, of which messages can now be made',
  'tables-restored': 'tables restored beside those of the ledger',
} as const
export type JobChange = keyof typeof jobChanges

export const jobReport = record({
  v: integer,
  job: oneOfKnown(jobNames),
  dryRun: flag,
  startedBy: oneOfKnown(starters),
  startedAt: instant,
  endedAt: instant,
  /** `in-part`: the run ended before all of its work was done, and says where the next one goes on. */
  outcome: oneOf(['done', 'in-part', 'failed']),
  /** Code of the error that ended a failed run. */
  code: optional(name),
  /** How much was looked at, by its name, such as `subjects`. */
  counts: mapOf(integer),
  // `Object.keys` returns `string[]`, and the table has no other names.
  changes: list(
    record({ change: oneOfKnown(Object.keys(jobChanges) as JobChange[]), count, controller: optional(id) }),
  ),
  /** What an operator has to look at: the error lines of the run. */
  findings: list(
    record({ finding: name, count, controller: optional(id), code: optional(name), check: optional(name) }),
  ),
  /** What retention destroyed and why: the rows of its manifests. */
  disposals: optional(list(extended(disposal, { controller: id }))),
  /** What was left undone, and which run takes it. */
  left: optional(record({ count, of: name, next: name })),
})
export type JobReport = TypeOf<typeof jobReport>
export type ChangeInReport = JobReport['changes'][number]
export type FindingInReport = JobReport['findings'][number]
