/**
 * What receivers of messages call. One asks who a thin message is about and what their status is, with a token and a grant as any auditor, and
 * the question is recorded as a read. The other reports that it has acted, and signs that with the secret of its endpoint, as Standard Webhooks
 * says: so no receiver can report for another, and none needs a token.
 */
import { completionDraft } from '../../shared/api/schemas/completions.ts'
import { isAhead } from '../../shared/consent/clocks.ts'
import { LedgerError } from '../../shared/errors.ts'
import { recordRead } from '../../shared/ledger/auditors/audit-reads.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { recordCompletion, wasSent } from '../../shared/ledger/fan-out/completions.ts'
import { type DeliveryName, parseDeliveryId } from '../../shared/ledger/fan-out/delivery-id.ts'
import { findEndpoint, secretsAt } from '../../shared/ledger/fan-out/endpoint-entries.ts'
import { endsIn, leafAt } from '../../shared/ledger/fan-out/expiry-messages.ts'
import { isSignedWith } from '../../shared/ledger/fan-out/webhook-signature.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { lastBatch } from '../../shared/ledger/log/batches.ts'
import { batchEnd } from '../../shared/ledger/log/log-items.ts'
import { normaliseIdentity } from '../../shared/ledger/vault/identity-names.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { controllerFor } from '../http/access.ts'
import { type Answer, type Call, parseBody, pathParameter } from '../http/call.ts'
import { answerInLanguage } from './swedish-statuses.ts'

/** The person and the present status of the purpose or policy that a message was about. */
export async function deliveredSubjectFor(call: Call): Promise<Answer> {
  const place = parseDeliveryId(pathParameter(call, 'deliveryId'))
  if (place === undefined) {
    await (await import('../http/token-controller.ts')).admitByToken(call, 'consent.audit')
    throw notThere()
  }
  const { snapshot, bearer } = await controllerFor(call, place.controller, 'consent.audit')
  const { ledger } = call.instance
  const { admitAbout, admitsLinked, requireStandingGrant } = await import('../http/audit-access.ts')
  await requireStandingGrant(call, snapshot, bearer)
  // Leaves are numbered: without this, ids that were never given out would lead through the log, person by person.
  const endpoint = await findEndpoint(ledger.entries, vaultScope(snapshot), place.endpoint)
  if (endpoint === undefined || !(await wasSent(ledger.entries, place))) throw notThere()
  const { event, decision } = await decisionAt(call, snapshot, place)
  if (event === undefined || decision === undefined) throw notThere()
  const { purposeId, policyId } = decision
  try {
    await admitAbout(call, snapshot, bearer, event.identity, purposeId)
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'grant-needed') throw notThere()
    throw error
  }
  const now = timestamp(ledger.clock)
  const topic = purposeId === undefined ? { policyId: policyId ?? '' } : { purposeId }
  const read = { route: call.route.id, controller: place.controller, ...topic, at: now, knownAt: now }
  const stored = await recordRead(ledger, snapshot, holderIdentity('read', bearer), event.identity, read)
  const { askStatusesWithJoint } = await import('../../shared/ledger/answers/joint-answers.ts')
  const instants = { at: now, knownAt: now }
  const admitLinked = admitsLinked(call, snapshot, bearer, read, purposeId)
  const { mandates: _, ...statuses } = await askStatusesWithJoint(
    ...([ledger, snapshot, event.identity, [topic]] as const),
    { ...instants, askedAt: now },
    stored,
    admitLinked,
  )
  const subject = await normaliseIdentity(event.identity, snapshot.controller.country)
  return answerInLanguage(call, { subject, ...instants, ...statuses })
}

export async function completionFor(call: Call): Promise<Answer> {
  const place = placeIn(call)
  const { ledger } = call.instance
  const { controllers } = ledger
  const snapshot = (await controllers.recent(place.controller)) ?? (await controllers.current(place.controller))
  const scope = snapshot && vaultScope(snapshot)
  const stored = scope && (await findEndpoint(ledger.entries, scope, place.endpoint))
  const now = timestamp(ledger.clock)
  const secrets = stored ? secretsAt(stored.keys, now) : []
  const { headers } = call.event
  const isOwn = headers['webhook-id'] === pathParameter(call, 'deliveryId')
  if (
    !isOwn ||
    scope === undefined ||
    !isSignedWith(headers, rawBody(call), secrets, Math.floor(ledger.clock() / 1000))
  )
    throw new LedgerError('unauthenticated', 'the report is not signed with a secret of the endpoint', {
      field: 'webhook-signature',
      allowed:
        'webhook-id (the id of the delivery), webhook-timestamp (of the last five minutes) and webhook-signature',
    })
  const { completedAt, evidence } = parseBody(call, completionDraft)
  if (isAhead(Date.parse(completedAt ?? now), ledger.clock()))
    throw new LedgerError('invalid-request', 'the report states a time that has not come', {
      ...{ field: '/completedAt', given: completedAt, allowed: 'an instant that has come' },
    })
  const report = { completedAt, ...(evidence && { evidence }) }
  const { record, created } = await recordCompletion(ledger, scope, place, report)
  return { statusCode: created ? 201 : 200, body: record }
}

function rawBody({ event: { body = '', isBase64Encoded } }: Call): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
}

function placeIn(call: Call): DeliveryName {
  const place = parseDeliveryId(pathParameter(call, 'deliveryId'))
  if (place === undefined) throw notThere()
  return place
}

/** The decision that a message is about; for one about a consent that ends by itself, its yes. */
async function decisionAt(
  { instance: { ledger, subjectFinder } }: Call,
  snapshot: ControllerSnapshot,
  { leaf: index, part }: DeliveryName,
) {
  if (subjectFinder === undefined) throw new LedgerError('internal', 'this function finds nobody by pseudonym')
  const scope = vaultScope(snapshot)
  const last = await lastBatch(ledger.log, scope.controller)
  if (last === undefined || index >= batchEnd(last)) return {}
  const walker = { ...ledger, finder: subjectFinder }
  const leaf = await leafAt(walker, scope, index)
  const end = leaf?.kind === 'expiry' && leaf.item ? endsIn(scope, leaf.item)[part] : undefined
  const about = end ? await leafAt(walker, scope, end.leaf) : leaf
  if (about?.event?.state !== 'opened') return {}
  const { event } = about.event.opened
  return { event, decision: event.decisions[end?.part ?? part] }
}

const notThere = () =>
  new LedgerError(
    'not-found',
    'no such delivery, or no grant permits its subject and purpose, or it is not about a decision, or its content was erased',
    { field: 'deliveryId' },
  )
