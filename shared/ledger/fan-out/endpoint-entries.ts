/**
 * How endpoints and redeliveries are stored: as numbered entries that are sealed for the controller (`controller-entry.ts`).
 *
 *   change of an endpoint   PK `<controller>#endpoint`                  SK `<endpoint>#<change>`, 16 digits      leaf of kind `endpoint`
 *   redelivery              PK `<controller>#redelivery#<endpoint>`     SK its number, 16 digits                 leaf of kind `redelivery`
 *
 * The newest change states everything, with the secrets, and is read by one descending query. Its number can be inserted once, so of two
 * administrators who change at once one is refused. An endpoint's types say which decisions it hears of, and its deliveries name leaves: so
 * the settings are sealed, or a reader of the tables would learn from a delivery what a person decided.
 */
import {
  type Endpoint,
  type EndpointKeys,
  isEndpoint,
  isEndpointKeys,
  isRedelivery,
  type Redelivery,
} from '../../consent/endpoint.ts'
import { actorIn, claimsInEntry, controllerEntry } from '../controller-entry.ts'
import { type Holder, holderName } from '../holder-entry.ts'
import { numberSk } from '../log/log-items.ts'
import { type Item, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

/** An endpoint as its newest change has it. */
export interface StoredEndpoint {
  readonly settings: Endpoint
  readonly keys: EndpointKeys
  /** Who made the change. */
  readonly by: Holder
}

export const endpointPk = (controller: string): string => `${controller}#endpoint`
export const redeliveryPk = (controller: string, endpoint: string): string => `${controller}#redelivery#${endpoint}`

const endpointKey = (controller: string, endpoint: string, change: number): Key => ({
  pk: endpointPk(controller),
  sk: `${endpoint}#${numberSk(change)}`,
})

const endpointClaims = ['field:endpoint', 'field:keys', 'field:actor'] as const
const redeliveryClaims = ['field:redelivery', 'field:actor'] as const

export function endpointItem(scope: VaultScope, { settings, keys, by }: StoredEndpoint, random: Randomness): Item {
  const claims = [
    { name: 'field:endpoint', value: settings },
    { name: 'field:keys', value: keys },
    { name: 'field:actor', value: holderName(by) },
  ]
  const key = endpointKey(scope.controller, settings.endpoint, settings.change)
  return controllerEntry(scope, key, { kind: 'endpoint', at: settings.changedAt, claims }, random)
}

/** @throws when this controller did not seal it, or a later release of the ledger sealed it in another form */
export function openEndpoint(scope: VaultScope, item: Item): StoredEndpoint {
  const claims = claimsInEntry(scope, item, endpointClaims)
  const [settings, keys] = [claims.get('field:endpoint'), claims.get('field:keys')]
  const isWhole = isEndpoint(settings) && isEndpointKeys(keys)
  if (!isWhole || item.sk !== endpointKey(scope.controller, settings.endpoint, settings.change).sk)
    throw new Error('an endpoint in a form that is not known')
  return { settings, keys, by: actorIn(claims) }
}

/** The newest change of an endpoint; `undefined` when there is no such endpoint. */
export async function findEndpoint(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
  endpoint: string,
): Promise<StoredEndpoint | undefined> {
  const newest = { prefix: `${endpoint}#`, descending: true, limit: 1 }
  const [item] = (await entries.query(endpointPk(scope.controller), newest)).items
  return item && openEndpoint(scope, item)
}

/** Ids of the controller's endpoints, which the keys have in clear. */
export async function endpointIds(entries: Pick<Table, 'query'>, controller: string): Promise<string[]> {
  const ids = new Set<string>()
  for await (const { sk } of queryAll(entries, endpointPk(controller))) ids.add(sk.slice(0, sk.indexOf('#')))
  return [...ids]
}

/** The newest change of each endpoint of the controller. One that cannot be read is left out: the self-audit reports it. */
export async function newestEndpoints(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
): Promise<readonly StoredEndpoint[]> {
  const newest = new Map<string, Item>()
  for await (const item of queryAll(entries, endpointPk(scope.controller)))
    newest.set(item.sk.slice(0, item.sk.indexOf('#')), item)
  return [...newest.values()].flatMap((item) => {
    try {
      return [openEndpoint(scope, item)]
    } catch {
      return []
    }
  })
}

/** Secrets that sign at this instant, newest first. */
export function secretsAt({ secrets }: EndpointKeys, now: string): string[] {
  return secrets.filter(({ until }) => until === undefined || now < until).map(({ secret }) => secret)
}

export function redeliveryItem(scope: VaultScope, asked: Redelivery, by: Holder, random: Randomness): Item {
  const claims = [
    { name: 'field:redelivery', value: asked },
    { name: 'field:actor', value: holderName(by) },
  ]
  const key = { pk: redeliveryPk(scope.controller, asked.endpoint), sk: numberSk(asked.redelivery) }
  return controllerEntry(scope, key, { kind: 'redelivery', at: asked.askedAt, claims }, random)
}

/** @throws as `openEndpoint` does */
export function openRedelivery(scope: VaultScope, item: Item): { readonly asked: Redelivery; readonly by: Holder } {
  const claims = claimsInEntry(scope, item, redeliveryClaims)
  const asked = claims.get('field:redelivery')
  if (!isRedelivery(asked) || item.sk !== numberSk(asked.redelivery))
    throw new Error('a redelivery in a form that is not known')
  return { asked, by: actorIn(claims) }
}

export async function findRedelivery(
  entries: Pick<Table, 'get'>,
  scope: VaultScope,
  endpoint: string,
  number: number,
): Promise<Redelivery | undefined> {
  const [item] = await entries.get([{ pk: redeliveryPk(scope.controller, endpoint), sk: numberSk(number) }])
  return item && openRedelivery(scope, item).asked
}

/** Number of the latest redelivery; 0 before the first. */
export async function lastRedelivery(
  entries: Pick<Table, 'query'>,
  controller: string,
  endpoint: string,
): Promise<number> {
  const { items } = await entries.query(redeliveryPk(controller, endpoint), { descending: true, limit: 1 })
  return Number(items[0]?.sk ?? 0)
}
