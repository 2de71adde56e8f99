/**
 * Lambda handler: controllers, sites and publications, each preceded by an entry that names its actor. The function inserts entries and
 * stores texts; of the vault it can read and insert the rows of actors only.
 */

import {
  controllerDraft,
  originsDraft,
  presentationDraft,
  retractionDraft,
  siteDraft,
  versionDraft,
} from '../../shared/api/schemas/policies.ts'
import { id } from '../../shared/api/schemas/scalars.ts'
import { digestOf } from '../../shared/consent/published-leaf.ts'
import { LedgerError } from '../../shared/errors.ts'
import { type Act, recordAct } from '../../shared/ledger/administrative-acts.ts'
import { changeOrigins } from '../../shared/ledger/change-origins.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controller-snapshots.ts'
import { createController, createSite } from '../../shared/ledger/create-controller.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import type { PublishResult } from '../../shared/ledger/publish-once.ts'
import { publishPresentation, publishVersion, retractVersion } from '../../shared/ledger/publish-policies.ts'
import { c15tLegalDocuments } from '../c15t/legal-document.ts'
import { administered, requireLedgerAdministrator } from '../http/access.ts'
import type { Endpoints } from '../http/app.ts'
import { type Answer, type Call, parseBody, parseWith, pathParameter } from '../http/call.ts'
import type { Bearer } from '../http/tokens.ts'
import { publicationWarnings } from './publication-warnings.ts'

export const administrationEndpoints: Endpoints<'administer'> = {
  async createController(call) {
    const bearer = await requireLedgerAdministrator(call)
    const draft = parseBody(call, controllerDraft)
    const { ledger } = call.instance
    const created = await createController(ledger, draft)
    const snapshot = await ledger.controllers.current(draft.controller)
    if (snapshot === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
    await recordActOf(call, { snapshot, bearer }, { controller: draft.controller }, draft)
    return answer(created)
  },

  async createSite(call) {
    const by = await administered(call)
    const draft = parseBody(call, siteDraft)
    await recordActOf(call, by, { site: draft.site }, draft)
    return answer(await createSite(call.instance.ledger, by.controller, draft))
  },

  async changeOrigins(call) {
    const by = await administered(call)
    const draft = { site: parseWith(id, pathParameter(call, 'site')), ...parseBody(call, originsDraft) }
    await recordActOf(call, by, { site: draft.site, change: String(draft.change) }, draft)
    return answer(await changeOrigins(call.instance.ledger, by.controller, draft))
  },

  async publishVersion(call) {
    const by = await administered(call)
    const draft = { policyId: policyId(call), ...parseBody(call, versionDraft) }
    await recordActOf(call, by, { policyId: draft.policyId, version: draft.version }, draft)
    const { record, created } = await publishVersion(call.instance.ledger, by.controller, draft)
    return answer({ record: { ...record, ...publicationWarnings(call, draft.texts) }, created })
  },

  async publishPresentation(call) {
    const by = await administered(call)
    const draft = { policyId: policyId(call), ...parseBody(call, presentationDraft) }
    await recordActOf(call, by, { policyId: draft.policyId, presentationId: draft.presentationId }, draft)
    return answer(await publishPresentation(call.instance.ledger, by.controller, draft))
  },

  async retractVersion(call) {
    const by = await administered(call)
    const draft = parseBody(call, retractionDraft)
    await recordActOf(call, by, { policyId: policyId(call), version: draft.version }, draft)
    return answer(await retractVersion(call.instance.ledger, by.controller, policyId(call), draft))
  },

  ...c15tLegalDocuments,
}

interface Administrator {
  readonly snapshot: ControllerSnapshot
  readonly bearer: Bearer
}

/** Records who asks for what. Call it before the act, so that nothing is published without an actor. */
function recordActOf(
  call: Call,
  { snapshot, bearer }: Administrator,
  target: Act['target'],
  draft: object,
): Promise<void> {
  const act = { route: call.route.id, target, content: digestOf(draft) }
  return recordAct(call.instance.ledger, snapshot, holderIdentity('act', bearer), act)
}

function policyId(call: Call): string {
  return parseWith(id, pathParameter(call, 'policyId'))
}

function answer<T>({ record, created }: PublishResult<T>): Answer {
  return { statusCode: created ? 201 : 200, body: record }
}
