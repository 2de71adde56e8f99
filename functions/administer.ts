/** Lambda handler: controllers, sites and publications. It inserts into entries and stores texts, and can do nothing else. */
import {
  createController,
  createSite,
  type Published,
  publishPresentation,
  publishVersion,
  retractVersion,
} from '../shared/ledger/publish.ts'
import { c15tReleases } from './c15t/release.ts'
import { controllerFor, requireLedgerAdministrator } from './http/access.ts'
import { type Answer, type Call, parseBody, parseWith, pathParameter } from './http/call.ts'
import { type Endpoints, lambda } from './http/chain.ts'
import {
  controllerDraft,
  presentationDraft,
  retractionDraft,
  siteDraft,
  versionDraft,
} from './http/schemas/policies.ts'
import { id } from './http/schemas/scalars.ts'

const endpoints: Endpoints<'administer'> = {
  async createController(call) {
    await requireLedgerAdministrator(call)
    return answer(await createController(call.instance.ledger, parseBody(call, controllerDraft)))
  },

  async createSite(call) {
    const controller = await administered(call)
    return answer(await createSite(call.instance.ledger, controller, parseBody(call, siteDraft)))
  },

  async publishVersion(call) {
    const controller = await administered(call)
    const draft = { policyId: policyId(call), ...parseBody(call, versionDraft) }
    return answer(await publishVersion(call.instance.ledger, controller, draft))
  },

  async publishPresentation(call) {
    const controller = await administered(call)
    const draft = { policyId: policyId(call), ...parseBody(call, presentationDraft) }
    return answer(await publishPresentation(call.instance.ledger, controller, draft))
  },

  async retractVersion(call) {
    const controller = await administered(call)
    const draft = parseBody(call, retractionDraft)
    return answer(await retractVersion(call.instance.ledger, controller, policyId(call), draft))
  },

  ...c15tReleases,
}

export const handler = lambda(endpoints)

/** The controller in the path, once the token is known to administer it. */
async function administered(call: Call): Promise<string> {
  const controller = parseWith(id, pathParameter(call, 'controller'))
  await controllerFor(call, controller, 'consent.admin')
  return controller
}

function policyId(call: Call): string {
  return parseWith(id, pathParameter(call, 'policyId'))
}

function answer<T>({ record, created }: Published<T>): Answer {
  return { statusCode: created ? 201 : 200, body: record }
}
