/** What the OpenAPI document says of the routes of mandates. */
import { mandate, mandateDraft, mandateRevocation } from '../../shared/api/schemas/mandates.ts'

export const mandateDescriptions = {
  recordMandate: {
    summary: 'Record the mandate by which a guardian or delegate may say yes for a person',
    body: mandateDraft,
    answers: { '201': mandate, '200': mandate },
  },
  revokeMandate: {
    summary: 'End a mandate now; what was decided under it before stays',
    body: mandateRevocation,
    answers: { '200': mandate },
  },
}
