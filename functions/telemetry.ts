/**
 * Log lines and metrics for the operator. A line has the fields below only, an allow-list by type, so that no personal data, key or value
 * reaches a log. Metrics are added up within an invocation and written with its next line.
 */
import type { JobReport } from '../shared/ledger/jobs/job-report.ts'
import type { RouteId } from './served-routes.ts'

export interface LogLine {
  readonly level: 'info' | 'error'
  readonly event: LogEvent
  /** Id of the request; the only value that the caller also gets. */
  readonly requestId?: string
  readonly route?: RouteId | 'preflight' | 'fallback'
  readonly status?: number
  readonly durationMs?: number
  /** On the line of an instance's first call. The start of the instance is not in `durationMs`. */
  readonly coldStart?: true
  /** The controller's id, which is public. */
  readonly controller?: string
  readonly count?: number
  /** Code of a `LedgerError`, or the name of another error. For an answer that left out a row: why, such as `event-unreadable`. */
  readonly code?: string
  /** Name of the underlying error, from a service or Node. */
  readonly cause?: string
  /** First stack frame of an unexpected error: a file of this repository, line and column. */
  readonly at?: string
  /** The check that found something: in a self-audit, or for a `log-damaged` answer. For `not-witnessed`: the name of the witness's key. */
  readonly check?: string
  /** On the last line of a job. */
  readonly report?: JobReport
}

export type LogEvent =
  | 'request'
  /** Number of requests refused in a minute with this status and code. Used on one machine, where `request` is not written. */
  | 'refused'
  | 'malformed-records'
  /** Entries were replaced or deleted, although the table is insert-only. */
  | 'entries-changed'
  | 'entries-skipped'
  /** The log is more than 5 minutes ahead of the sequencer's clock: one of the two is wrong. */
  | 'clock-disagrees'
  /** The log's clock was wrong, and its time was set back. */
  | 'clock-set-back'
  | 'not-sequenced'
  | 'not-published'
  | 'not-certified'
  | 'not-released'
  | 'sequenced'
  /** Announced entries that another invocation will sequence. */
  | 'handed-over'
  | 'swept'
  | 'released'
  | 'retained'
  /** A run whose time did not suffice for its part of the vault; the next goes on there. */
  | 'retained-in-part'
  /** Vault rows that no controller's keys open. */
  | 'vault-unreadable'
  /** Progress of retention: slices of the vault that this run has done. */
  | 'retaining'
  | 'counted'
  /** A run whose time did not suffice for all logs; the next goes on there. */
  | 'counted-in-part'
  /** The statistics of a log could not be counted. */
  | 'not-counted'
  | 'announced'
  /** A run whose time did not suffice for all ends of consents; the next goes on there. */
  | 'announced-in-part'
  /** The ends of consents of a controller could not be announced. */
  | 'not-announced'
  /** Cosignatures of outside witnesses were stored. */
  | 'witnessed'
  /** A witness gave no good cosignature (`code` says why, `check` which), or a log could not be shown to any. */
  | 'not-witnessed'
  | 'audit-finding'
  /** Progress of the self-audit: items of a phase that it has compared. */
  | 'auditing-vault'
  | 'auditing-entries'
  | 'auditing-log'
  | 'auditing-rows'
  | 'imported'
  /** An import could not go on; the next run tries again. */
  | 'not-imported'
  /** A job failed before its end. */
  | 'not-done'
  | 'exported'
  /** Exports that a run did not end; the next goes on with them. */
  | 'exported-in-part'
  /** An export that ended in a failure. */
  | 'not-exported'
  | 'audited'
  /** A run whose time did not suffice for the pass; the next goes on there. */
  | 'audited-in-part'
  | 'delivered'
  /** Nothing could be sent to the endpoints of a controller, for a reason of the ledger's own. */
  | 'not-delivered'
  /** Messages that were given up, completions that are late, endpoints whose receivers have failed for an hour. */
  | 'dead-deliveries'
  | 'late-completions'
  | 'endpoint-failing'

/** CloudWatch namespace of the metrics. */
export const metricNamespace = 'ConsentLedger'

/** Metrics by name, with their unit. The dashboard shows or an alarm watches each. */
export const metrics = {
  EntriesStored: 'Count',
  EntriesSequenced: 'Count',
  EntriesSkipped: 'Count',
  /** Faults that need an operator: changed or malformed entries, logs that cannot be extended, damaged data. */
  LogFaults: 'Count',
  /** Answers that left out a row that cannot be read, or were refused because of one. */
  UnreadableAnswers: 'Count',
  /** Answers by status: 4xx except 409; 409; 5xx. */
  Refusals: 'Count',
  Conflicts: 'Count',
  Failures: 'Count',
  /** Age of the oldest sequenced entry not yet covered by a checkpoint, over all logs; 0 when there is none. */
  CheckpointAge: 'Seconds',
  /** Findings that stand, from the pass under way or the last one, and from what is new. */
  AuditFindings: 'Count',
  /** How late the self-audit is: 0 unless its last finished pass began over 45 days ago, or what is new was last compared over three days ago. */
  AuditOverdue: 'Seconds',
  /**
   * What a person must see to about deliveries: messages that were given up, completions that are late, receivers that have failed for an hour
   * (in each run), and faults of the ledger's own. One metric, because alarms are billed by metric; the lines say which.
   */
  DeliveryTrouble: 'Count',
} as const

export type MetricName = keyof typeof metrics

export interface Telemetry {
  add(metric: MetricName, value: number): void
  /** Writes one line, with the metrics added since the last one. */
  log(line: LogLine): void
}

/** Telemetry of a ledger on one machine: error lines on stderr, no metrics. */
export const plainTelemetry: Telemetry = {
  add() {},
  log(line) {
    if (line.level === 'error') console.error(JSON.stringify(line))
  },
}
