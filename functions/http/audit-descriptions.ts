/** What the OpenAPI document says of an auditor's questions about a person. */
import * as z from 'zod'
import * as answers from '../../shared/api/schemas/answers.ts'
import { proof } from '../../shared/api/schemas/proof.ts'
import { consentsQuestion, timelineQuestion, topicQuestion } from '../../shared/api/schemas/questions.ts'

export const auditDescriptions = {
  askConsents: {
    summary: 'The status of a subject at one instant, as known at another',
    body: consentsQuestion,
    answers: { '200': answers.consents },
  },
  askTimeline: {
    summary: 'The changes of a status in time, and every event, in pages',
    body: timelineQuestion,
    answers: { '200': answers.timeline },
  },
  askProof: {
    summary: 'The proof of one answer',
    body: topicQuestion,
    answers: { '200': proof },
    headers: z.object({
      'retry-after': z.string().optional().meta({
        description:
          'Ask again after this many seconds. Present only with `pending`: the log does not have those entries yet.',
      }),
    }),
  },
}
