/** What the OpenAPI document says of endpoints that are told what happened, and of deliveries to them. */

import { consents } from '../../shared/api/schemas/answers.ts'
import { completion } from '../../shared/api/schemas/completion.ts'
import { completionDraft } from '../../shared/api/schemas/completions.ts'
import {
  deliveriesQuery,
  deliveryPage,
  endpointChange,
  endpointDraft,
  endpoints,
  madeEndpoint,
  redelivery,
  redeliveryDraft,
  secretDraft,
} from '../../shared/api/schemas/endpoints.ts'

/** The same as the answer to a question about the person and the purpose or policy of the message. */
const deliveredSubject = consents.meta({ id: 'DeliveredSubject' })

const made = { '201': madeEndpoint, '200': madeEndpoint }

export const endpointDescriptions = {
  makeEndpoint: {
    summary: 'Make an endpoint that is told what happened, by Standard Webhooks 1.0.0; the answer has its secret, once',
    body: endpointDraft,
    answers: made,
  },
  listEndpoints: {
    summary: 'The endpoints of a controller, and how deliveries to them stand',
    answers: { '200': endpoints },
  },
  changeEndpoint: {
    summary: 'Replace the settings of an endpoint, disable or enable it',
    body: endpointChange,
    answers: made,
  },
  rotateSecret: {
    summary: 'Make a new secret; the one before it signs as well until the overlap ends',
    body: secretDraft,
    answers: made,
  },
  askRedelivery: {
    summary: 'Send again: one delivery, a range of leaves, what was given up of it, or a test',
    body: redeliveryDraft,
    answers: { '201': redelivery, '200': redelivery },
  },
  askDelivery: {
    summary: 'Who a thin message is about, and the present status of its purpose or policy',
    answers: { '200': deliveredSubject },
  },
  reportCompletion: {
    summary:
      'Report that the receiver has acted on a message; signed with the secret of its endpoint, as Standard Webhooks says',
    body: completionDraft,
    answers: { '201': completion, '200': completion },
  },
  listDeliveries: {
    summary: 'Deliveries that wait, or those that ended',
    query: deliveriesQuery,
    answers: { '200': deliveryPage },
  },
}
