/**
 * Makes, changes and lists the endpoints that are told what happened, for tokens with scope `consent.admin`. Who made a change is in its own
 * entry, as with grants. A secret is in the answer that made it and in no other.
 */
import {
  deliveriesQuery,
  endpointChange,
  endpointDraft,
  isPlainLoopback,
  redeliveryDraft,
  secretDraft,
} from '../../shared/api/schemas/endpoints.ts'
import { id } from '../../shared/api/schemas/scalars.ts'
import type { Redelivery } from '../../shared/consent/endpoint.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { parseDeliveryId } from '../../shared/ledger/fan-out/delivery-id.ts'
import { newestState } from '../../shared/ledger/fan-out/delivery-state.ts'
import {
  endpointIds,
  findEndpoint,
  lastRedelivery,
  type StoredEndpoint,
  secretsAt,
} from '../../shared/ledger/fan-out/endpoint-entries.ts'
import { endedDeliveries, waitingDeliveries } from '../../shared/ledger/fan-out/list-deliveries.ts'
import {
  askRedelivery,
  type Changed,
  changeEndpoint,
  makeEndpoint,
  rotateSecret,
} from '../../shared/ledger/fan-out/manage-endpoints.ts'
import { publicKeyOf } from '../../shared/ledger/fan-out/webhook-signature.ts'
import { holderName } from '../../shared/ledger/holder-entry.ts'
import { type Ledger, timestamp } from '../../shared/ledger/ledger.ts'
import { lastBatch } from '../../shared/ledger/log/batches.ts'
import { batchEnd } from '../../shared/ledger/log/log-items.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { administered } from '../http/access.ts'
import {
  type Answer,
  type Call,
  type Endpoint,
  ok,
  parseBody,
  parseQuery,
  parseWith,
  pathParameter,
} from '../http/call.ts'
import { requireDeclared } from './declared-names.ts'

export const endpointEndpoints = {
  async makeEndpoint(call) {
    const { snapshot, bearer } = await administered(call)
    const { from, ...settings } = parseBody(call, endpointDraft)
    requireAddress(call, settings.url)
    await requirePurposes(call, snapshot, settings.purposes)
    const draft = { ...present(settings), ...(from !== 'now' && { from }) }
    return changeAnswer(call, await makeEndpoint(call.instance.ledger, vaultScope(snapshot), draft, bearer))
  },

  async listEndpoints(call) {
    const { controller, snapshot } = await administered(call)
    const { ledger } = call.instance
    const ids = await endpointIds(ledger.entries, controller)
    const found = await Promise.all(ids.map((each) => findEndpoint(ledger.entries, vaultScope(snapshot), each)))
    return ok({
      endpoints: await Promise.all(found.flatMap((each) => (each ? [shown(ledger, controller, each)] : []))),
    })
  },

  async changeEndpoint(call) {
    const { snapshot, bearer } = await administered(call)
    const draft = parseBody(call, endpointChange)
    requireAddress(call, draft.url)
    await requirePurposes(call, snapshot, draft.purposes)
    const named = { endpoint: endpointId(call), ...present(draft) }
    return changeAnswer(call, await changeEndpoint(call.instance.ledger, vaultScope(snapshot), named, bearer))
  },

  async rotateSecret(call) {
    const { snapshot, bearer } = await administered(call)
    const draft = { endpoint: endpointId(call), ...parseBody(call, secretDraft) }
    return changeAnswer(call, await rotateSecret(call.instance.ledger, vaultScope(snapshot), draft, bearer))
  },

  async askRedelivery(call) {
    const { controller, snapshot, bearer } = await administered(call)
    const draft = redeliveryOf(controller, endpointId(call), parseBody(call, redeliveryDraft))
    const { asked, created } = await askRedelivery(call.instance.ledger, vaultScope(snapshot), draft, bearer)
    const { endpoint: _endpoint, part: _part, ...body } = asked
    return { statusCode: created ? 201 : 200, body }
  },

  async listDeliveries(call) {
    const { controller } = await administered(call)
    const { list, after } = parseQuery(call, deliveriesQuery)
    const { entries } = call.instance.ledger
    const endpoint = endpointId(call)
    return ok(
      list === 'waiting'
        ? await waitingDeliveries(entries, controller, endpoint)
        : await endedDeliveries(entries, controller, endpoint, after),
    )
  },
} satisfies Record<string, Endpoint>

const endpointId = (call: Call): string => parseWith(id, pathParameter(call, 'endpoint'))

/** Without members that are `undefined`, which a stored record does not have. */
function present<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T
}

/** What the sender would refuse at each attempt is refused here. */
function requireAddress({ instance }: Call, url: string): void {
  if (instance.deliversToLoopback === true || !isPlainLoopback(new URL(url))) return
  throw new LedgerError('invalid-request', 'messages are posted over https', {
    ...{ field: '/url', given: url, allowed: 'https:' },
  })
}

async function requirePurposes(call: Call, snapshot: ControllerSnapshot, purposes: readonly string[] = []) {
  const named = purposes.map((purposeId, i) => ({ purposeId, field: `/purposes/${i}` }))
  await requireDeclared(call, snapshot, named)
}

function redeliveryOf(
  controller: string,
  endpoint: string,
  draft: ReturnType<typeof redeliveryDraft.parse>,
): Omit<Redelivery, 'askedAt'> {
  const { redelivery } = draft
  if ('test' in draft) return { endpoint, redelivery, kind: 'test', from: 0, to: 0 }
  if ('deliveryId' in draft) {
    const place = parseDeliveryId(draft.deliveryId)
    if (place?.controller !== controller || place.endpoint !== endpoint)
      throw new LedgerError('invalid-request', 'the id is not that of a delivery to this endpoint', {
        field: '/deliveryId',
        given: draft.deliveryId,
      })
    return { endpoint, redelivery, kind: 'one', from: place.leaf, to: place.leaf, part: place.part }
  }
  const { from, to, only } = draft
  if (from > to)
    throw new LedgerError('invalid-request', 'the range ends before it begins', {
      field: '/to',
      given: to,
      allowed: from,
    })
  return { endpoint, redelivery, kind: only === 'dead' ? 'dead' : 'range', from, to }
}

async function changeAnswer(
  { instance: { ledger }, ...call }: Call,
  { stored, created, secret }: Changed,
): Promise<Answer> {
  const controller = call.event.pathParameters?.controller ?? ''
  const body = { ...(await shown(ledger, controller, stored)), ...(secret !== undefined && { secret }) }
  return { statusCode: created ? 201 : 200, body }
}

async function shown(ledger: Ledger, controller: string, { settings, keys, by }: StoredEndpoint): Promise<object> {
  const { overlapHours: _, ...standing } = settings
  const { endpoint } = settings
  const [{ state }, last, lastAsked] = await Promise.all([
    newestState(ledger.entries, controller, endpoint),
    lastBatch(ledger.log, controller),
    lastRedelivery(ledger.entries, controller, endpoint),
  ])
  const {
    delivered,
    dead,
    waiting,
    failingSince,
    pausedUntilMs,
    goneAtChange = 0,
    redelivered,
    lateCompletions,
  } = state
  return {
    ...standing,
    changedBy: holderName(by),
    publicKey: publicKeyOf(keys.signingKey),
    secrets: secretsAt(keys, timestamp(ledger.clock)).length,
    deliveries: {
      next: Math.max(state.next, settings.from),
      logSize: last ? batchEnd(last) : 0,
      ...{ delivered, dead, redelivered, lateCompletions, waiting: waiting.length },
      ...(failingSince !== undefined && { failingSince }),
      ...(pausedUntilMs !== undefined &&
        pausedUntilMs > ledger.clock() && { pausedUntil: new Date(pausedUntilMs).toISOString() }),
      isGone: goneAtChange >= settings.change,
    },
    lastRedelivery: lastAsked,
  }
}
