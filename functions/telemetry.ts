/**
 * What a function may say to its operator. Lines are made of the fields below and of nothing else, so that no person, no key and no
 * value can get into a log: an allow-list by type. Numbers are added up within an invocation and go out with its next line.
 */
import type { RouteId } from './routes.ts'

export interface LogLine {
  readonly level: 'info' | 'error'
  readonly event: LogEvent
  /** Of the call; the only thing that a caller and a line have in common. */
  readonly requestId?: string
  readonly route?: RouteId | 'preflight' | 'fallback'
  readonly status?: number
  readonly durationMs?: number
  /** A controller's id is public. */
  readonly controller?: string
  readonly count?: number
  /** Code of a `LedgerError`, or the name of another error; for an answer that left out a row the reason, such as `event-unreadable`. */
  readonly code?: string
  /** Name of the error behind a failure: a service's or Node's. */
  readonly cause?: string
  /** First frame of a stack: a place in our code. */
  readonly at?: string
  /** Of a self-audit, or of an answer that was `log-damaged`: which check found something. */
  readonly check?: string
}

export type LogEvent =
  | 'request'
  /** Number of requests refused in a minute with this status and code. Used on one machine, where `request` is not written. */
  | 'refused'
  | 'malformed-records'
  /** Somebody replaced or deleted entries. Nobody may: the table is insert-only. */
  | 'entries-changed'
  | 'entries-skipped'
  /** The log is more than 5 minutes ahead of the sequencer's clock: one of the two is wrong. */
  | 'clock-disagrees'
  /** The log's clock was, and its time went back. */
  | 'clock-set-back'
  | 'not-sequenced'
  | 'not-published'
  | 'not-certified'
  | 'not-released'
  | 'sequenced'
  | 'swept'
  | 'released'
  | 'retained'
  /** Not the whole vault: the next run begins elsewhere. */
  | 'retained-in-part'
  /** Rows that no controller's keys open. */
  | 'vault-unreadable'
  | 'audit-finding'
  | 'audited'

/** Where CloudWatch keeps them. */
export const metricNamespace = 'ConsentLedger'

/** Each is a metric that the dashboard shows or an alarm watches. */
export const metrics = {
  EntriesStored: 'Count',
  EntriesSequenced: 'Count',
  EntriesSkipped: 'Count',
  /** Replaced or deleted, malformed, of a log that cannot go on, not fit to be handed out: each one wants a person. */
  LogFaults: 'Count',
  /** Answers that left out a stored row that cannot be read, or were refused for one. */
  UnreadableAnswers: 'Count',
  /** Answers 4xx that a client could have avoided; answers 409; answers 5xx. */
  Refusals: 'Count',
  Conflicts: 'Count',
  Failures: 'Count',
  /** Of the oldest entry that has its place and no checkpoint yet, over all logs; 0 when every log is published. */
  CheckpointAge: 'Seconds',
  AuditFindings: 'Count',
} as const

export type MetricName = keyof typeof metrics

export interface Telemetry {
  add(metric: MetricName, value: number): void
  /** One line, with what was added since the last one. */
  log(line: LogLine): void
}

/** For one machine: errors on stderr, nothing else. */
export const plainTelemetry: Telemetry = {
  add() {},
  log(line) {
    if (line.level === 'error') console.error(JSON.stringify(line))
  },
}
