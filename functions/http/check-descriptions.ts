/** What the OpenAPI document says of machines that ask about many people, and of those who may see none. */
import { checksAnswer, checksRequest } from '../../shared/api/schemas/checks.ts'

export const checkDescriptions = {
  checkConsents: {
    summary: 'For up to 1,000 people: is this permitted now?',
    body: checksRequest,
    answers: { '200': checksAnswer },
  },
}
