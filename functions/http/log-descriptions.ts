/** What the OpenAPI document says of the log's files. */
import * as z from 'zod'
import { checkpoints } from '../../shared/api/schemas/answers.ts'
import { checkpointsQuery } from '../../shared/api/schemas/queries.ts'

export const logDescriptions = {
  getCheckpoint: {
    summary: 'The newest checkpoint of the controller’s log, a signed note (C2SP tlog-checkpoint)',
    answers: { '200': z.string() },
    mediaType: 'text/plain',
  },
  listCheckpoints: {
    summary: 'Every published checkpoint, by tree size',
    query: checkpointsQuery,
    answers: { '200': checkpoints },
  },
  getLogPolicy: {
    summary: 'The keys that verify the log (C2SP tlog-policy)',
    answers: { '200': z.string() },
    mediaType: 'text/plain',
  },
  getTile: {
    summary: 'A tile <L>/<N>[.p/<W>], or for auditors an entry bundle entries/<N>[.p/<W>] (C2SP tlog-tiles)',
    answers: { '200': z.string() },
    mediaType: 'application/octet-stream',
  },
}
