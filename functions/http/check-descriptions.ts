/** What the OpenAPI document says of machines that ask about many people, and of those who may see none. */
import { checksAnswer, checksRequest } from '../../shared/api/schemas/checks.ts'
import { statisticsAnswer, statisticsQuery } from '../../shared/api/schemas/statistics.ts'

export const checkDescriptions = {
  checkConsents: {
    summary: 'For up to 1,000 people: is this permitted now?',
    body: checksRequest,
    answers: { '200': checksAnswer },
  },
  getStatistics: {
    summary:
      'How many people were asked, agreed and refused, by day and by how they were asked; no numbers of fewer than k',
    query: statisticsQuery,
    answers: { '200': statisticsAnswer },
    orAs: ['text/csv'],
  },
}
