/**
 * Creates controllers and sites and publishes policies. Each act is preceded by an entry that names its actor. The function that answers
 * these routes inserts entries and stores texts; in the vault it can read and insert the rows of actors only.
 */
import { controllerDraft, identityProviderDraft, keyChangeDraft } from '../../shared/api/schemas/controllers.ts'
import { presentationDraft, retractionDraft, versionDraft } from '../../shared/api/schemas/policies.ts'
import { id } from '../../shared/api/schemas/scalars.ts'
import { originsDraft, siteDraft } from '../../shared/api/schemas/sites.ts'
import { continuedUseIn, type TextOfVersion } from '../../shared/consent/continued-use.ts'
import { digestOf } from '../../shared/consent/published-leaf.ts'
import { LedgerError } from '../../shared/errors.ts'
import { type Act, recordAct } from '../../shared/ledger/controllers/administrative-acts.ts'
import { changeIdentityProvider } from '../../shared/ledger/controllers/change-identity-provider.ts'
import { changeOrigins } from '../../shared/ledger/controllers/change-origins.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { createController, createSite } from '../../shared/ledger/controllers/create-controller.ts'
import type { PublishResult } from '../../shared/ledger/controllers/publish-once.ts'
import {
  publishPresentation,
  publishVersion,
  retractVersion,
} from '../../shared/ledger/controllers/publish-policies.ts'
import { revokeSite } from '../../shared/ledger/controllers/revoke-site.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { administered, requireLedgerAdministrator } from '../http/access.ts'
import { type Answer, type Call, type Endpoint, header, parseBody, parseWith, pathParameter } from '../http/call.ts'
import { readsSwedish } from '../http/language.ts'
import type { Bearer } from '../http/tokens.ts'

export const administrationEndpoints = {
  async createController(call) {
    const bearer = await requireLedgerAdministrator(call)
    const draft = parseBody(call, controllerDraft)
    const { ledger } = call.instance
    const created = await createController(ledger, draft)
    const snapshot = await ledger.controllers.current(draft.controller)
    if (snapshot === undefined)
      throw new LedgerError('unavailable', 'the new controller was stored and cannot be read yet')
    await recordActOf(call, { snapshot, bearer }, { controller: draft.controller }, draft)
    return answer(created)
  },

  async changeIdentityProvider(call) {
    const { controller, ...by } = await operated(call)
    const { change, identityProvider } = parseBody(call, identityProviderDraft)
    const draft = { change, ...(identityProvider && { identityProvider }) }
    await recordActOf(call, by, { controller, change: String(change) }, draft)
    return answer(await changeIdentityProvider(call.instance.ledger, controller, draft))
  },

  async changeKeys(call) {
    const { controller, ...by } = await operated(call)
    const { vkey, ...rest } = parseBody(call, keyChangeDraft)
    const draft = { ...rest, ...(vkey !== undefined && { vkey }) }
    await recordActOf(call, by, { controller, change: String(draft.change) }, draft)
    // Loaded on first use: it is rare, and it brings what reads verifier keys.
    const { changeKeys } = await import('../../shared/ledger/controllers/change-keys.ts')
    return answer(await changeKeys(call.instance.ledger, controller, draft))
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

  async revokeSite(call) {
    const by = await administered(call)
    const draft = { site: parseWith(id, pathParameter(call, 'site')) }
    await recordActOf(call, by, draft, draft)
    return answer(await revokeSite(call.instance.ledger, by.controller, draft.site))
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
} satisfies Record<string, Endpoint>

interface Administrator {
  readonly snapshot: ControllerSnapshot
  readonly bearer: Bearer
}

/** The controller in the path, for the ledger's operator. */
async function operated(call: Call): Promise<Administrator & { readonly controller: string }> {
  const bearer = await requireLedgerAdministrator(call)
  const controller = parseWith(id, pathParameter(call, 'controller'))
  const snapshot = await call.instance.ledger.controllers.current(controller)
  if (snapshot === undefined) throw new LedgerError('not-found', 'no such controller', { given: controller })
  return { controller, snapshot, bearer }
}

/** Records who asks for the act. Call it before the act, so that nothing is published without an actor. */
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

const continuedUse = {
  en: 'Using a site or an app is no consent (GDPR recital 32). An event whose act is continued-use is recorded and its yes has no effect. Ask with a control that people use themselves.',
  sv: 'Att använda en webbplats eller en app är inget samtycke (skäl 32 i GDPR). En händelse vars act är continued-use antecknas, men dess ja får ingen verkan. Fråga med en knapp eller ruta som människor själva använder.',
}

/** Warns about texts that take the use of a site for consent. They are published all the same. Empty when there are none. */
function publicationWarnings(call: Call, texts: readonly TextOfVersion[]): object {
  const found = continuedUseIn(texts)
  if (found.length === 0) return {}
  const detail = readsSwedish(header(call, 'accept-language')) ? continuedUse.sv : continuedUse.en
  return { warnings: found.map((sentence) => ({ code: 'continued-use', ...sentence, detail })) }
}
