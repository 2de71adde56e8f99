/**
 * Makes and changes endpoints, and asks for redeliveries (`endpoint-entries.ts`). Each is one insert; a crash leaves all of it or nothing. A
 * request that is repeated changes nothing, and one of the same number that is another is refused: nobody takes another's secret for their own. It does not get the secret again, so whoever lost it makes another.
 */
import type { Endpoint, EndpointKeys, EndpointSettings, Redelivery } from '../../consent/endpoint.ts'
import { LedgerError } from '../../errors.ts'
import { refuseGap } from '../controllers/numbered-changes.ts'
import { type Holder, holderIdentity } from '../holder-entry.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { lastBatch } from '../log/batches.ts'
import { batchEnd } from '../log/log-items.ts'
import { insertOne, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import {
  endpointIds,
  endpointItem,
  findEndpoint,
  findRedelivery,
  lastRedelivery,
  redeliveryItem,
  type StoredEndpoint,
} from './endpoint-entries.ts'
import { newSecret, newSigningKey } from './webhook-signature.ts'

/** Each is walked by itself, so their number bounds the work of a run. */
export const maxEndpoints = 50
/** Secrets that sign at a time: the new one, and replaced ones until their overlap ends. None is cut short for a further one. */
const maxSecrets = 4
const hourMs = 3_600_000

type Managed = Pick<Ledger, 'entries' | 'log' | 'clock' | 'random'>

export interface Changed {
  readonly stored: StoredEndpoint
  readonly created: boolean
  /** The secret that this request made. It is shown once. */
  readonly secret?: string
}

/**
 * Makes an endpoint.
 *
 * @param from its first leaf; absent: the next one that the log will have
 * @throws `already-exists` when the id is taken by another one; `limit-reached` when the controller has as many as it may
 */
export async function makeEndpoint(
  ledger: Managed,
  scope: VaultScope,
  { endpoint, from, ...settings }: EndpointSettings & { readonly endpoint: string; readonly from?: number },
  by: Holder,
): Promise<Changed> {
  const { entries, log, clock, random } = ledger
  const ids = await endpointIds(entries, scope.controller)
  if (ids.includes(endpoint)) return sameAsFirst(entries, scope, endpoint, settings)
  if (ids.length >= maxEndpoints)
    throw new LedgerError('limit-reached', 'the controller has as many endpoints as it may', { allowed: maxEndpoints })
  const last = await lastBatch(log, scope.controller)
  const record: Endpoint = {
    ...settings,
    endpoint,
    change: 1,
    from: from ?? (last ? batchEnd(last) : 0),
    changedAt: timestamp(clock),
  }
  const secret = newSecret(random)
  const stored = { settings: record, keys: { signingKey: newSigningKey(random), secrets: [{ secret }] }, by }
  if (await insertOne(entries, endpointItem(scope, stored, random))) return { stored, created: true, secret }
  return sameAsFirst(entries, scope, endpoint, settings)
}

async function sameAsFirst(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
  endpoint: string,
  settings: EndpointSettings,
): Promise<Changed> {
  const stored = await findEndpoint(entries, scope, endpoint)
  if (stored === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  if (stored.settings.change === 1 && isSame(stored.settings, settings)) return { stored, created: false }
  throw new LedgerError('already-exists', 'another endpoint has this id', {
    ...{ field: '/endpoint', given: endpoint },
    allowed: 'a new id; or a change of this endpoint',
  })
}

/** Replaces the settings of an endpoint. @throws `not-found`; `invalid-request` when the change is not the next; `already-exists` when it was another */
export function changeEndpoint(
  ledger: Managed,
  scope: VaultScope,
  { endpoint, change, ...settings }: EndpointSettings & { readonly endpoint: string; readonly change: number },
  by: Holder,
): Promise<Changed> {
  return changed(ledger, scope, { endpoint, change }, by, ({ settings: before, keys }) => ({
    settings: { ...settings, endpoint, change, from: before.from, changedAt: timestamp(ledger.clock) },
    keys,
  }))
}

/**
 * Makes a new secret. The ones before it sign beside it until the overlap ends.
 *
 * @throws as `changeEndpoint` does; `limit-reached` when as many as may still sign
 */
export async function rotateSecret(
  ledger: Managed,
  scope: VaultScope,
  {
    endpoint,
    change,
    overlapHours,
  }: { readonly endpoint: string; readonly change: number; readonly overlapHours: number },
  by: Holder,
): Promise<Changed> {
  const nowMs = ledger.clock()
  const secret = newSecret(ledger.random)
  const until = new Date(nowMs + overlapHours * hourMs).toISOString()
  const now = new Date(nowMs).toISOString()
  const done = await changed(ledger, scope, { endpoint, change }, by, ({ settings, keys }) => {
    const earlier = keys.secrets
      .map((each) => ({ ...each, until: each.until !== undefined && each.until < until ? each.until : until }))
      .filter((each) => now < each.until)
    if (change > settings.change && earlier.length >= maxSecrets)
      throw new LedgerError(
        'limit-reached',
        'as many secrets of this endpoint sign as may: wait until an overlap ends',
        {
          ...{ field: '/overlapHours', given: overlapHours },
          allowed: '0, which ends all earlier secrets now',
        },
      )
    const secrets: EndpointKeys['secrets'] = [{ secret }, ...earlier]
    return { settings: { ...settings, change, changedAt: now, overlapHours }, keys: { ...keys, secrets } }
  })
  return done.created ? { ...done, secret } : done
}

async function changed(
  { entries, random }: Managed,
  scope: VaultScope,
  { endpoint, change }: Pick<Endpoint, 'endpoint' | 'change'>,
  by: Holder,
  next: (before: StoredEndpoint) => Omit<StoredEndpoint, 'by'>,
): Promise<Changed> {
  const before = await findEndpoint(entries, scope, endpoint)
  if (before === undefined)
    throw new LedgerError('not-found', 'the controller has no such endpoint', { given: endpoint })
  const last = before.settings.change
  refuseGap({ change }, last)
  const stored = { ...next(before), by }
  if (change > last && (await insertOne(entries, endpointItem(scope, stored, random)))) return { stored, created: true }
  const now = await findEndpoint(entries, scope, endpoint)
  if (now?.settings.change === change && isSameChange(now, stored)) return { stored: now, created: false }
  throw new LedgerError('already-exists', 'the change of this number was made before', {
    ...{ field: '/change', given: change },
    allowed: Math.max(last, now?.settings.change ?? 0) + 1,
  })
}

/** Two administrators who each ask for a new secret ask for two. */
function isSameChange(a: StoredEndpoint, b: StoredEndpoint): boolean {
  const { overlapHours } = a.settings
  if (overlapHours !== b.settings.overlapHours || !isSame(a.settings, b.settings)) return false
  return overlapHours === undefined || holderIdentity('act', a.by).id === holderIdentity('act', b.by).id
}

function isSame(a: EndpointSettings, b: EndpointSettings): boolean {
  const said = ({ url, types, purposes, payload, state, completionHours, expiringDays }: EndpointSettings) =>
    JSON.stringify([url, types, purposes, payload, state, completionHours, expiringDays])
  return said(a) === said(b)
}

/** Asks for a redelivery, or returns the one that the same request asked for. @throws as `changeEndpoint` does */
export async function askRedelivery(
  { entries, clock, random }: Managed,
  scope: VaultScope,
  draft: Omit<Redelivery, 'askedAt'>,
  by: Holder,
): Promise<{ readonly asked: Redelivery; readonly created: boolean }> {
  const { endpoint, redelivery: number } = draft
  if ((await findEndpoint(entries, scope, endpoint)) === undefined)
    throw new LedgerError('not-found', 'the controller has no such endpoint', { given: endpoint })
  const last = await lastRedelivery(entries, scope.controller, endpoint)
  if (number > last + 1)
    throw new LedgerError('invalid-request', 'the number of a redelivery is one more than that of the one before it', {
      ...{ field: '/redelivery', given: number, allowed: last + 1 },
    })
  const asked: Redelivery = { ...draft, askedAt: timestamp(clock) }
  if (number > last && (await insertOne(entries, redeliveryItem(scope, asked, by, random))))
    return { asked, created: true }
  const stored = await findRedelivery(entries, scope, endpoint, number)
  const said = ({ kind, from, to, part }: Redelivery) => JSON.stringify([kind, from, to, part])
  if (stored !== undefined && said(stored) === said(asked)) return { asked: stored, created: false }
  throw new LedgerError('already-exists', 'the redelivery of this number is another one', {
    ...{ field: '/redelivery', given: number },
    allowed: Math.max(last, number) + 1,
  })
}
