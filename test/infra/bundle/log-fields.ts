/** The fields that a log line may have. */
import { metrics } from '../../../functions/telemetry.ts'

/** What is known of a line, by `functions/telemetry.ts`; EMF's own members beside it. */
const lineFields = [
  'level',
  'event',
  'requestId',
  'route',
  'status',
  'durationMs',
  'coldStart',
  'controller',
  'count',
  'code',
]
export const allowedFields = new Set([
  ...lineFields,
  'cause',
  'at',
  'check',
  'report',
  '_aws',
  'service',
  ...Object.keys(metrics),
])
