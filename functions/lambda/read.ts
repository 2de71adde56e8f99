import type { ConsoleConfig } from '../../shared/api/schemas/console-config.ts'
import { c15tReadEndpoints } from '../c15t/read-endpoints.ts'
import { frontEndpoints } from '../endpoints/front.ts'
import { hostedPreferencesEndpoints } from '../endpoints/hosted-preferences.ts'
import { noticeEndpoints } from '../endpoints/notices.ts'
import { ownErasureEndpoints } from '../endpoints/own-erasures.ts'
import { ownHistoryEndpoints } from '../endpoints/own-history.ts'
import { pageEndpoints } from '../endpoints/pages.ts'
import { policyEndpoints } from '../endpoints/policies.ts'
import { publicPageEndpoints } from '../endpoints/public-pages.ts'
import { readEndpoints } from '../endpoints/reads.ts'
import { referenceEndpoints } from '../endpoints/reference.ts'
import { serviceEndpoints } from '../endpoints/service.ts'
import { statisticsEndpoints } from '../endpoints/statistics.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { variable } from './environment.ts'
import { instanceOnAws } from './wiring.ts'

const instance = instanceOnAws('read')
/** Checked by the construct that wrote it. */
const consoleConfig: ConsoleConfig = JSON.parse(variable('console'))
const endpoints: Endpoints<'read'> = {
  ...noticeEndpoints,
  ...ownHistoryEndpoints,
  ...ownErasureEndpoints,
  ...readEndpoints,
  ...statisticsEndpoints,
  ...policyEndpoints(instance.ledger),
  ...publicPageEndpoints(instance.ledger),
  ...serviceEndpoints,
  ...pageEndpoints(async () => consoleConfig, [variable('filesOrigin')]),
  ...frontEndpoints(async () => consoleConfig.controllers),
  ...referenceEndpoints(),
  ...hostedPreferencesEndpoints,
  ...c15tReadEndpoints,
}

export const handler = createHandler(endpoints, instance)
