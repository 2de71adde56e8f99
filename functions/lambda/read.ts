import { c15tReads } from '../c15t/reads.ts'
import { noticeEndpoints } from '../endpoints/notices.ts'
import { pageEndpoints } from '../endpoints/pages.ts'
import { policyEndpoints } from '../endpoints/policies.ts'
import { serviceEndpoints } from '../endpoints/service.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('read')
const endpoints: Endpoints<'read'> = {
  ...noticeEndpoints,
  ...policyEndpoints(instance.ledger.objects),
  ...pageEndpoints(),
  ...serviceEndpoints,
  ...c15tReads,
}

export const handler = createHandler(endpoints, instance)
